"""A sans-IO SIP core, and the one file that owns its sockets."""
