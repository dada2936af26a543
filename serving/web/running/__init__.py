"""The processes that answer requests: server, supervisor and workers."""
