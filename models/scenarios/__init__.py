"""Scenarios: a change of the months ahead, on the same joint paths."""
