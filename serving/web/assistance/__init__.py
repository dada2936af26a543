"""Where help works: enterprises and actions that bring a target over the line; page and API."""
