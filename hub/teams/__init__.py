"""Who works where: teams, posts, absence and cover, and the named face of a school."""
