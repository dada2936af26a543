"""Signing in, one's own account, and the administration of people and keys; pages and API."""
