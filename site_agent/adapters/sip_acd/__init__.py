"""The built-in ACD over SIP."""
