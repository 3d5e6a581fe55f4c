"""Consents that a birthday ended: who is asked to ask the person again."""
