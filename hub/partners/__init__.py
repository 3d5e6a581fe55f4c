"""Who may call: organisations, covenants, staff and their registered keys."""
