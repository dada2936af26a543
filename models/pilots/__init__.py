"""Designing a pilot where the data cannot decide, and analysing it as it was planned."""
