"""How an organisation comes to take part, and how it leaves."""
