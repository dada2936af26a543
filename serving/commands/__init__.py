"""One module per group of commands: each offers `register(app)` and imports heavy things in functions."""
