"""What meets: pairs of registrations, who is told of them, and what waits for a human."""
