"""The key holder as a service: it evaluates blinded tokens and learns neither person nor match.

Another organisation than the hub runs it, on a machine, in a store and under an account of its own.
"""
