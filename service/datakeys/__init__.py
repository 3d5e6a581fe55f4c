"""Data keys: what is about a person is sealed under a key that lives elsewhere and can be destroyed.

The hub takes fresh keys from a pool, seals, and forgets them; to read again it asks their custodian, who says
no for ever once a key is destroyed. `HolderCustody` is another organisation; `LocalCustody` is for trials.
"""
