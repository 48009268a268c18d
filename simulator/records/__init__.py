"""What telephone systems recorded of calls, read from files and written to them."""
