"""Shapes of names and addresses that documents and settings share, refused in words.

Rule of this file: a person reads what to write, never the pattern it was checked with.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

PORT_MAX = 65_535
NAME_PATTERN = r"[a-z0-9][a-z0-9_.-]{0,62}"
_NAME = re.compile(NAME_PATTERN)
NAME_IN_WORDS = (
    "a name of at most 63 small letters, digits, dots, dashes and underscores, "
    "with a letter or digit first"
)


def shape(words: str, fits: Callable[[str], object]) -> AfterValidator:
    """Text that `fits`; what does not is refused with `words`, told as 'should be ...'."""

    def checked(text: str) -> str:
        if not fits(text):
            raise PydanticCustomError("shape", "should be {words}", {"words": words})
        return text

    return AfterValidator(checked)


def is_name(text: str) -> bool:
    """Is this a name as documents and nodes bear it?"""
    return _NAME.fullmatch(text) is not None


def is_host_port(text: str, *, port_min: int = 1) -> bool:
    """Is this `host:port`, with an IPv6 address in brackets? Port 0 asks for any free one."""
    host, _, port = text.rpartition(":")
    bare = host[1:-1] if host.startswith("[") and host.endswith("]") else host.replace(":", "/")
    if not bare or re.search(r"[\s/]", bare):
        return False
    return bool(re.fullmatch(r"[0-9]{1,5}", port)) and port_min <= int(port) <= PORT_MAX


def is_listen_address(text: str) -> bool:
    """As `is_host_port`, and port 0 is any free one."""
    return is_host_port(text, port_min=0)


DOMAIN_PATTERN = r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?(:[0-9]{1,5})?"
DOMAIN = shape(
    "a host name or IPv4 address, with :port where it has one, such as trunk.example",
    re.compile(DOMAIN_PATTERN).fullmatch,
)
NAME = shape(NAME_IN_WORDS, is_name)
HOST_PORT = shape("host:port with a port from 1 to 65535, such as 10.0.0.1:7001", is_host_port)
LISTEN = shape(
    "host:port with a port from 1 to 65535 (0: any free one), such as 10.0.0.1:7001",
    is_listen_address,
)
