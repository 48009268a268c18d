"""Policies of ready scenarios that are not for live networks."""
