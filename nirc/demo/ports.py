"""Finds ports that are free for UDP and TCP, outside the range that outgoing sockets use.

Rule of this file: a port is never given twice by one `PortTaker`. Below 32768 no outgoing
connection of this machine (Linux's default range) can take a port between our look and the
daemon's bind.
"""

from __future__ import annotations

import secrets
import socket

from nirc.demo.layout import LOOPBACK

PORT_MIN = 10_000
PORT_MAX = 31_999
TRIES_MAX = 2_000


class NoFreePort(Exception):
    """No free port was found between PORT_MIN and PORT_MAX."""


class PortTaker:
    """Hands out free ports, each once: `take = PortTaker(); port = take()`."""

    def __init__(self, start: int | None = None) -> None:
        self._next = start or PORT_MIN + secrets.randbelow(PORT_MAX - PORT_MIN - TRIES_MAX)

    def __call__(self) -> int:
        """The next free port. Raises `NoFreePort` after TRIES_MAX looks."""
        for _ in range(TRIES_MAX):
            port = self._next
            self._next = PORT_MIN if port >= PORT_MAX else port + 1
            if _is_free(port):
                return port
        raise NoFreePort(f"no free port between {PORT_MIN} and {PORT_MAX}")


def _is_free(port: int) -> bool:
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        with socket.socket(socket.AF_INET, kind) as probe:
            try:
                probe.bind((LOOPBACK, port))
            except OSError:
                return False
    return True
