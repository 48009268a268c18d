"""The node's counters and logs."""
