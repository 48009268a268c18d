"""Where others reach a node's API: as it is set, else as it listens."""

import socket
from pathlib import Path

import pytest

from nirc.config import AdminConfig, AdminTlsConfig
from nirc.links.api_url import api_url

TLS = AdminTlsConfig(cert=Path("c"), key=Path("k"))


@pytest.mark.parametrize(
    ("settings", "url"),
    [
        (AdminConfig(listen="127.0.0.1:0"), "http://127.0.0.1:8001"),
        (AdminConfig(listen="[::1]:8001", tls=TLS), "https://[::1]:8001"),
        (AdminConfig(listen="127.0.0.1:1", url="https://n1.example.net"), "https://n1.example.net"),
        (AdminConfig(listen="0.0.0.0:8001"), f"http://{socket.gethostname()}:8001"),
        (AdminConfig(listen="[::]:8001"), f"http://{socket.gethostname()}:8001"),
    ],
    ids=lambda one: one if isinstance(one, str) else one.listen,
)
def test_the_setting_counts_and_else_where_it_listens(settings: AdminConfig, url: str) -> None:
    assert api_url(settings, 8001) == url
