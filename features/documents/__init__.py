"""Documents that people keep in the state database: owned, versioned, journalled. Nothing heavy is loaded."""
