"""Who calls: client assertions, sender-constrained access tokens and proofs, the same in hub and key holder.

Source: RFC 7523, RFC 9068, RFC 9449; NL GOV assurance profile for OAuth 2.0.
"""
