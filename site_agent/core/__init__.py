"""The pure core of a site agent: events and time in, actions out."""
