"""This site's part of the traces of calls, made of what the core tells the history. Pure."""
