"""SIP callers and agents for the demo and the tests."""
