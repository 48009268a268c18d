"""Whose a message is, and whether that one sends too much."""

from ipaddress import ip_network

import pytest

from nrcli.sip.redirect_peers import Sources
from nrcli.sip.redirect_settings import RedirectClient, RedirectSettings

CLIENTS = (
    RedirectClient(name="one", networks=(ip_network("192.0.2.0/25"),), trunk_group="a"),
    RedirectClient(
        name="six",
        networks=(ip_network("2001:db8::/32"), ip_network("192.0.2.0/24")),
        trunk_group="b",
        calls_per_s_max=2.0,
    ),
)


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("192.0.2.1", "one"),
        ("192.0.2.200", "six"),
        ("2001:db8::7", "six"),
        ("::ffff:192.0.2.1", "one"),
        ("192.0.3.1", ""),
        ("", ""),
        ("edge.example", ""),
    ],
)
def test_the_first_client_with_the_address_is_meant(host: str, name: str) -> None:
    client = Sources(RedirectSettings(clients=CLIENTS)).of(host, 1.0).client
    assert (client.name if client else "") == name


def test_calls_come_back_with_time_and_never_pile_up() -> None:
    source = Sources(RedirectSettings(clients=CLIENTS)).of("192.0.2.200", 1.0)
    assert [source.call() for _ in range(3)] == [True, True, False]
    assert source.message(6.0, 1.5)
    assert [source.call() for _ in range(2)] == [True, False]
    assert source.message(6.0, 900.0)
    assert [source.call() for _ in range(3)] == [True, True, False]


def test_addresses_remembered_are_bounded() -> None:
    sources = Sources(RedirectSettings(clients=CLIENTS, sources_max=2))
    first = sources.of("192.0.2.1", 1.0)
    assert sources.of("192.0.2.1", 1.0) is first
    for last in range(2, 5):
        sources.of(f"192.0.2.{last}", 1.0)
    assert sources.of("192.0.2.1", 1.0) is not first
