"""What records of calls say of arrivals, talk and patience, as parts of a scenario."""
