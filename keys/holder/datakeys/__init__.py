"""Keep the hub's data keys: give them fresh, give them back for a purpose, destroy them with a receipt.

What they seal never comes here: the holder learns how many there are and when they go, and never about whom.
"""
