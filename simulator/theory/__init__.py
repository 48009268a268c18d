"""Exact values of queues, and approximations that say what they are."""
