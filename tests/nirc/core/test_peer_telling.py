"""When other nodes are told of the sites linked here."""

from __future__ import annotations

from nirc.core import events as ev
from nirc.core.actions import Action, SendToPeer, StartTimer
from nirc.core.peer_telling import TIMER
from nirc.core.router import Router
from nirc.core.settings import RouterSettings
from nrcli.wire.messages import Hello, PeerStatus

SETTINGS = RouterSettings(peer_sites_s=0.1, sweep_s=1e6)


def sites_told(actions: list[Action]) -> list[int]:
    """How many sites each word to another node names."""
    words = [one.message for one in actions if isinstance(one, SendToPeer)]
    return [len(word.sites) for word in words if isinstance(word, PeerStatus)]


def node() -> Router:
    router = Router(node="n1", settings=SETTINGS, new_id=lambda: "id", peers=["n2"])
    router.handle(ev.PeerUp(node="n2"), 10.0)
    return router


def came(router: Router, number: int, now_s: float) -> list[Action]:
    hello = Hello(site=f"s{number}", incarnation=1)
    return router.handle(ev.SiteLinkUp(site=f"s{number}", hello=hello), now_s)


def test_one_site_is_told_at_once() -> None:
    router = node()
    assert sites_told(came(router, 1, 11.0)) == [1]
    gone = ev.SiteLinkDown(site="s1", reason="closed")
    assert sites_told(router.handle(gone, 12.0)) == [0]


def test_sites_that_come_together_are_told_together() -> None:
    router = node()
    actions = [action for number in range(100) for action in came(router, number, 11.0)]
    assert sites_told(actions) == [1]
    timers = [one for one in actions if isinstance(one, StartTimer) and one.name == TIMER]
    assert timers == [StartTimer(name=TIMER, at_s=11.1)]
    assert sites_told(router.handle(ev.TimerFired(name=TIMER), 11.1)) == [100]
    assert sites_told(router.handle(ev.TimerFired(name=TIMER), 11.2)) == []
    assert sites_told(came(router, 100, 11.3)) == [101]
