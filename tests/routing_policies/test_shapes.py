"""Names and addresses, and what a person is told to write instead."""

from typing import Annotated

import pytest
from pydantic import TypeAdapter, ValidationError

from routing_policies.shapes import HOST_PORT, NAME, is_host_port, is_listen_address


@pytest.mark.parametrize("text", ["a:1", "10.0.0.1:65535", "[::1]:7001", "node-1.example:80"])
def test_addresses(text: str) -> None:
    assert is_host_port(text) and is_listen_address(text)


@pytest.mark.parametrize("text", ["7001", ":1", "a:", "a:x", "a:65536", "a b:1", "::1:80", "[]:1"])
def test_what_is_no_address(text: str) -> None:
    assert not is_host_port(text) and not is_listen_address(text)


def test_port_0_is_for_listening_only() -> None:
    assert is_listen_address("a:0") and not is_host_port("a:0")


def test_refused_in_words() -> None:
    for kind, words in ((NAME, "small letters"), (HOST_PORT, "port from 1 to 65535")):
        with pytest.raises(ValidationError, match=words):
            TypeAdapter(Annotated[str, kind]).validate_python("N 1")
