"""NIRC: the network intelligent routing centre, one node of the routing cluster."""

__version__ = "0.1.0"
