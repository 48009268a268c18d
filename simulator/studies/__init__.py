"""Studies: many runs of a scenario, in many processes, and what they say together."""
