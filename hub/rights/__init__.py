"""The citizen's requests: access, objection, rectification, erasure, restriction (inzage, bezwaar, …)."""
