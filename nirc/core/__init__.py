"""The pure core of a node: events and time in, actions out."""
