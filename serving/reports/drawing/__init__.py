"""Charts of the reports: worked out once as lines, boxes and texts, then put on paper or on a page."""
