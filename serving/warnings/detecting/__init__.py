"""What to warn of: each module looks at one kind of trouble and returns a `Look`."""
