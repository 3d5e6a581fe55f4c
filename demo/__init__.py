"""A fictive municipality at work: real processes, real protocol, people who do not exist."""
