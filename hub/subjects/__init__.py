"""Registrations of persons as pseudonyms (betrokkene): opened, indexed, sealed, compared."""
