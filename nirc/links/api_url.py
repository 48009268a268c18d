"""Says where a node's HTTP API is reached from other machines.

Rule of this file: a setting counts; without one it is a guess from where the API listens.
"""

import socket

from nirc.config import AdminConfig

EVERY_ADDRESS = ("", "0.0.0.0", "::", "[::]")


def api_url(settings: AdminConfig, port: int) -> str:
    """`http://host:port`; `port` where it listens."""
    if settings.url is not None:
        return settings.url
    host = settings.listen.rpartition(":")[0]
    if host in EVERY_ADDRESS:
        host = socket.gethostname()
    return f"{'https' if settings.tls else 'http'}://{host}:{port}"
