"""Commands, HTTP API and pages. May import every other package; nothing imports it."""
