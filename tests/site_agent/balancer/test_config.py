"""A balancer's file: read, typed, and refused with place and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from site_agent.balancer.config import load_balancer, parse_balancer
from site_agent.errors import ConfigError

GOOD = """
balancer: lisbon
doors:
  - {name: carrier, listen: "10.1.0.5:5060", peers: [10.9.0.0/16]}
  - {name: phones, listen: "10.1.0.5:5070", peers: [10.1.0.0/16], transports: [udp]}
members:
  - {name: lisbon-1, addresses: {carrier: "10.1.0.11:5060", phones: "10.1.0.11:5070"}}
  - {name: lisbon-2, addresses: {carrier: "10.1.0.12:5060"}, weight: 2, draining: true}
"""


def test_a_whole_file_becomes_the_settings_of_the_core(tmp_path: Path) -> None:
    path = tmp_path / "balancer.yaml"
    path.write_text(GOOD)
    config = load_balancer(path)
    settings, (one, two) = config.settings(), config.member_settings()
    assert [door.name for door in settings.doors] == ["carrier", "phones"]
    assert settings.doors[1].transports == ("udp",)
    assert one.addresses["phones"] == ("10.1.0.11", 5070)
    assert (two.weight, two.draining) == (2, True)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('carrier: "10.1.0.12:5060"', 'trunk: "10.1.0.12:5060"', 'no door "trunk"'),
        ("name: lisbon-2", "name: lisbon-1", "lisbon-1 stands twice"),
        ("weight: 2", "wait: 2", "wait"),
        ("peers: [10.9.0.0/16]", "peers: [everybody]", "expected a network"),
        ("weight: 2", "weight: 0", "weight"),
        ("10.1.0.12:5060", "example.com:5060", 'got the name "example.com"'),
        ('listen: "10.1.0.5:5070"', 'listen: "lisbon:5070"', 'got the name "lisbon"'),
    ],
)
def test_a_mistake_is_told_with_its_place(old: str, new: str, told: str) -> None:
    with pytest.raises(ConfigError, match=told):
        parse_balancer(GOOD.replace(old, new), source="balancer.yaml")


def test_a_file_that_is_not_there_is_told() -> None:
    with pytest.raises(ConfigError, match="give the path of a balancer's file"):
        load_balancer(Path("/nowhere/balancer.yaml"))
