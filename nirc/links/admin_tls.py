"""Reads the certificate of the node's HTTP API.

Rule of this file: what cannot be used is told with its place and remedy.
"""

import ssl
from pathlib import Path

from nirc.errors import SettingsError


def server_tls(cert: Path, key: Path) -> ssl.SSLContext:
    """What the HTTP server offers. Raises SettingsError."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_cert_chain(cert, key)
    except (OSError, ssl.SSLError) as error:
        remedy = "name a PEM certificate and its key under admin.tls"
        raise SettingsError(str(cert), f"cannot be used: {error}", remedy) from error
    return context
