"""Statistics: tables that were declared before, protected, released once and never changed."""
