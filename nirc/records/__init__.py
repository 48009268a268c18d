"""Records on this node's disk: what waits for Redis, and what is kept in files."""
