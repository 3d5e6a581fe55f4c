"""Who should hear: the caseload of teams and the casemanager who is responsible."""
