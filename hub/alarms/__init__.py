"""What a privacy officer is told at once: patterns of probing, in counts and codes."""
