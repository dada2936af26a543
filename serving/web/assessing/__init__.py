"""Self-assessments, written in the browser and by `/api/v1`: begin, answer, declare, review, withdraw."""
