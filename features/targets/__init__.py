"""Targets that planners keep; `register` has them, `refusals` are its errors. Nothing heavy is loaded."""
