"""The daemon beside one call centre: its ACD, its SIP and its link to NIRC."""

__version__ = "0.1.0"
