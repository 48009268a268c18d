"""A FreeSWITCH in a site agent's file: what is refused, and where."""

from __future__ import annotations

from typing import Any

import pytest

from site_agent.config import parse_config
from site_agent.errors import ConfigError
from site_agent.freeswitch_config import FreeswitchConfig

FILE = """
site: lisbon
incarnation_file: /x/state.json
acd:
  kind: freeswitch
  password_file: /x/password
  {more}
  trunk_groups:
    - {{name: carrier, profile: external, address: "10.1.0.2:5080", channels_max: 20{trunk}}}
  queues: [{{name: sales}}]
"""


def read(more: str = "", trunk: str = "") -> Any:
    return parse_config(FILE.format(more=more, trunk=trunk), source="f").acd


def test_little_must_be_said() -> None:
    found = read()
    assert isinstance(found, FreeswitchConfig)
    assert (found.event_socket, found.domain, found.refer) == ("127.0.0.1:8021", "default", False)
    assert found.trunk_groups[0].allow.redirect_302


@pytest.mark.parametrize(
    ("more", "trunk", "place"),
    [
        ("moh: 'file\"x'", "", "moh"),
        ("moh: '${system(id)}'", "", "moh"),
        ("context: 'a b'", "", "context"),
        ("domain: 'a b'", "", "domain"),
        ("hold_by: magic", "", "hold_by"),
        ("", ", min_free: 20", "min_free"),
        ("", ", dial: 'sofia/x/^'", "dial"),
        ("", ", dial: 'loopback/x/'", "dial"),
        ("", ", listen: '127.0.0.1:1'", "listen"),
    ],
)
def test_a_bad_value_is_refused_at_its_place(more: str, trunk: str, place: str) -> None:
    with pytest.raises(ConfigError, match=place):
        read(more, trunk)
