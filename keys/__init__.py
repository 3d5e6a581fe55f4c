"""Key custody and pseudonyms: the ground floor."""
