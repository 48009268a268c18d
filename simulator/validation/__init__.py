"""The validation study: what the engines say against what is known exactly."""
