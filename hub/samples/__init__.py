"""The privacy officer's sample: of what was shown to people, one in sixteen is judged by a human."""
