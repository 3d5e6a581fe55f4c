"""Who belongs to one household: never a key to a person, and never by an institution's address."""
