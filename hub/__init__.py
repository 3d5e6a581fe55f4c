"""The hub: it can tell that two pseudonyms are the same person, never which person."""
