"""A service's log in its own database: leaves, the queue to the tree, the tree's heads, and their check.

`ledger/` knows how a tree is built and signed; this keeps one. Hub and key holder each have their own.
"""
