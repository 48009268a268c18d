"""Starts a whole network on one machine, as processes."""
