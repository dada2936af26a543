"""Scenarios: saved, computed by a job, compared side by side; pages and API."""
