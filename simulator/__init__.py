"""Checks and simulates a network of call centres with the code that routes live calls."""

__version__ = "0.1.0"
