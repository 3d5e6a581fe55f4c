"""May they: legal bases, consents and objections as facts, and the one decision with its reasons."""
