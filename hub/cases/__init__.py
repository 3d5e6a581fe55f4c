"""Who should hear: teams, their caseload and the casemanager who is responsible."""
