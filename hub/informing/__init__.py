"""Telling the person (kennisgeving): when they were told, when they need not be yet, and in which words."""
