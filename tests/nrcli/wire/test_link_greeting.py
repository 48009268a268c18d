"""Who is let onto a link."""

from __future__ import annotations

import pytest

from nrcli.wire.link_greeting import (
    Greeting,
    Incarnations,
    NodeGreeting,
    PeerGreeting,
    Rhythm,
    SiteGreeting,
    common_version,
)
from nrcli.wire.messages import Heartbeat, Hello, LinkRefused, PeerHello, Welcome

RHYTHM = Rhythm(heartbeat_s=0.5, silence_s_max=2.0)
HELLO = Hello(site="lisbon", incarnation=4)
WELCOME = Welcome(
    node="n1", version=3, heartbeat_s=0.5, silence_s_max=2.0, pre_routes=True, records=True
)


def node_end(
    identity: str | None = "lisbon", incarnations: Incarnations | None = None
) -> NodeGreeting:
    return NodeGreeting(
        node="n1",
        rhythm=RHYTHM,
        identity=identity,
        incarnations=incarnations or Incarnations(10),
    )


@pytest.mark.parametrize(
    ("newest", "oldest", "spoken"),
    [(3, 2, 3), (2, 2, 2), (2, 1, 2), (4, 3, 3), (1, 0, None), (5, 4, None)],
)
def test_versions(newest: int, oldest: int, spoken: int | None) -> None:
    assert common_version(newest, oldest) == spoken


def test_a_site_says_hello_and_a_node_welcomes() -> None:
    assert SiteGreeting(HELLO).opening() == HELLO
    assert node_end().opening() is None
    assert node_end().judge(HELLO).reply == WELCOME
    assert node_end(identity=None).judge(HELLO).refused is None


def test_a_site_takes_over_the_nodes_rhythm() -> None:
    verdict = SiteGreeting(HELLO).judge(WELCOME)
    assert (verdict.rhythm, verdict.version) == (RHYTHM, 3)


@pytest.mark.parametrize(
    ("heartbeat_s", "silence_s_max", "version"),
    [(0.0, 2.0, 3), (2.0, 2.0, 3), (1.0, 4e6, 3), (0.5, 2.0, 4), (0.5, 2.0, 0)],
)
def test_a_site_refuses_a_welcome_that_makes_no_sense(
    heartbeat_s: float, silence_s_max: float, version: int
) -> None:
    welcome = Welcome(
        node="n1", version=version, heartbeat_s=heartbeat_s, silence_s_max=silence_s_max
    )
    assert SiteGreeting(HELLO).judge(welcome).refused is not None


def test_a_hello_from_the_past_is_refused_whatever_came_between() -> None:
    known = Incarnations(10)
    for incarnation, refused in [(4, False), (4, False), (6, False), (5, True), (6, False)]:
        verdict = node_end(incarnations=known).judge(Hello(site="lisbon", incarnation=incarnation))
        assert (verdict.refused is not None) == refused
        if verdict.refused:
            assert verdict.refused.code == "incarnation"
            assert verdict.reply == verdict.refused


def test_a_refused_hello_raises_no_incarnation() -> None:
    known = Incarnations(10)
    node_end(identity="porto", incarnations=known).judge(Hello(site="lisbon", incarnation=99))
    assert node_end(incarnations=known).judge(HELLO).refused is None


def test_sites_remembered_are_bounded() -> None:
    known = Incarnations(1)
    assert node_end(incarnations=known).judge(HELLO).refused is None
    other = Hello(site="porto", incarnation=1)
    refused = node_end(identity="porto", incarnations=known).judge(other).refused
    assert refused is not None
    assert refused.code == "overload"


def test_peers_greet_one_another() -> None:
    caller = PeerGreeting(node="n1", expected="n2", connects=True)
    called = PeerGreeting(node="n2", expected="n1", connects=False)
    opening = caller.opening()
    assert opening == PeerHello(node="n1")
    assert called.opening() is None
    reply = called.judge(opening).reply
    assert reply == PeerHello(node="n2")
    assert caller.judge(reply).refused is None
    assert caller.judge(reply).reply is None


def test_a_peer_that_is_not_who_it_should_be_is_refused() -> None:
    called = PeerGreeting(node="n2", expected="n1", connects=False)
    wrong_name = called.judge(PeerHello(node="n3")).refused
    wrong_version = called.judge(PeerHello(node="n1", version_newest=0, version_oldest=0)).refused
    assert wrong_name is not None
    assert wrong_version is not None
    assert (wrong_name.code, wrong_version.code) == ("identity", "version")


@pytest.mark.parametrize(
    "greeting",
    [SiteGreeting(HELLO), node_end(), PeerGreeting(node="n1", expected=None, connects=True)],
)
def test_anything_else_first_is_refused(greeting: Greeting) -> None:
    refused = greeting.judge(Heartbeat()).refused
    assert refused is not None
    assert refused.code == "sequence"


def test_a_site_hears_a_refusal() -> None:
    refusal = LinkRefused(code="unknown_site", reason="no document names lisbon")
    assert SiteGreeting(HELLO).judge(refusal).refused == refusal
