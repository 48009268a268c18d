"""The client side of NIRC: the wire format, the site client and the command line."""

__version__ = "0.1.0"
