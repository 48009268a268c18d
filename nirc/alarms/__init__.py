"""Alarm rules, their history and their notices: pure, and told what the time is."""
