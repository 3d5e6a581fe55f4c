"""Measure the hub, the key holder, the client and the matching rule on this machine, in one run."""
