"""What both daemons tell about themselves: log lines, figures, spans of calls."""
