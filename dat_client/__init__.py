"""What a partner installs: turn people into pseudonyms that only meet, and post that contact took place."""
