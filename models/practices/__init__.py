"""What leaders of a group do otherwise than one enterprise."""
