"""How they hear: the inbox as the truth, and contentless mail that points to it."""
