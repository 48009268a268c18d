"""SIP messages and the sockets they come by: what nodes and site agents share."""
