"""The tamper-evident log as a pure library: tree, checkpoints, leaves and a stand-alone verifier."""
