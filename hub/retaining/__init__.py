"""Every class of data with the rule it is kept by: the one place that knows all slices (bewaren)."""
