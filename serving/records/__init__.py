"""Records on their way in and out: rows as JSON, uploaded files, answers that are given once."""
