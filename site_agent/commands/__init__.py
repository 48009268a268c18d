"""Commands of `site-agent` that are more than a daemon's start."""
