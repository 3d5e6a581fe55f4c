"""The chassis that hub and key holder stand on: clock, database, unit of work, errors, keys, HTTP."""
