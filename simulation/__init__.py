"""A simulated year of a region: invented people drive the hub's real services, under a clock of its own."""
