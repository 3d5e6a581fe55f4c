"""The pseudonym protocol as pure functions over bytes.

Group, proofs, threshold, rotation, envelope and manifest; every primitive is an RFC. Nothing here knows a
database, a network or a framework.
"""
