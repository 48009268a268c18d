"""Adapters, one folder per kind of ACD; none imports another."""
