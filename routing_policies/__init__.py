"""Policies and documents, pure: what is read, checked and decided, with no I/O."""

__version__ = "0.1.0"
