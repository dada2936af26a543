"""The two-page briefing of a group: standing, targets, where help works, risks, and what to decide."""
