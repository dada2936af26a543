"""Charts of one enterprise: control charts, capability, losses by kind, yield by process."""
