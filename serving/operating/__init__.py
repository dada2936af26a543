"""Keeping an installation: back-ups that are consistent while it runs, restoring them, upgrading."""
