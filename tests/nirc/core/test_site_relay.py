"""A site's word to another is passed on, and only its own."""

from __future__ import annotations

from nirc.core.actions import Action, RaiseAlarm, SendToPeer, SendToSite
from nirc.core.alarms import Alarms
from nirc.core.settings import RouterSettings
from nirc.core.site_liveness import SiteLiveness
from nirc.core.site_relay import SiteRelay
from nirc.core.statistics import Statistics
from nrcli.wire.messages import CallTaken, Cancel, PeerRelay

TAKEN = CallTaken(token="t", from_site="porto", to_site="lisbon")
CANCEL = Cancel(token="t", request_id="r", from_site="lisbon", to_site="porto")


def relay(*linked: str, tombstones_max: int = 10) -> tuple[SiteRelay, list[Action]]:
    settings = RouterSettings(tombstones_max=tombstones_max, tombstone_s=60.0)
    liveness = SiteLiveness(settings)
    for site in linked:
        liveness.link_up(site, 1.0)
    alarms, statistics = Alarms(settings), Statistics()
    return SiteRelay(settings=settings, liveness=liveness, alarms=alarms, statistics=statistics), []


def test_by_this_nodes_stream_first() -> None:
    part, out = relay("lisbon")
    part.peer_sites("n2", ("lisbon",))
    assert part.from_site("porto", TAKEN, 1.0, out)
    assert out == [SendToSite(site="lisbon", message=TAKEN)]


def test_else_by_a_node_that_has_it_else_dropped() -> None:
    part, out = relay()
    part.peer_up("n2")
    assert part.from_site("porto", TAKEN, 1.0, out)
    assert out == []
    part.peer_sites("n2", ("lisbon",))
    part.from_site("porto", TAKEN, 1.0, out)
    assert out == [SendToPeer(node="n2", message=PeerRelay(message=TAKEN))]
    part.peer_down("n2")
    assert part.peers() == {}


def test_what_a_peer_hands_on_goes_no_further() -> None:
    part, out = relay()
    part.peer_sites("n3", ("lisbon",))
    part.from_peer(TAKEN, 1.0, out)
    assert out == []


def test_a_site_cannot_speak_for_another() -> None:
    part, out = relay("lisbon")
    assert not part.from_site("faro", TAKEN, 1.0, out)
    (alarm,) = out
    assert isinstance(alarm, RaiseAlarm)
    assert (alarm.code, alarm.place) == ("site_speaks_for_another", "faro")


def test_cancelled_tokens_are_remembered_for_a_while() -> None:
    part, out = relay("porto")
    part.from_site("lisbon", CANCEL, 1.0, out)
    assert part.cancelled("t", 60.9)
    assert part.cancelled("r", 60.9)
    assert not part.cancelled("t", 61.0)
    part.sweep(61.0)
    assert part.tombstone_count() == 0


def test_tombstones_are_bounded() -> None:
    part, out = relay("porto", tombstones_max=2)
    for token in "abc":
        cancel = Cancel(token=token, request_id="", from_site="lisbon", to_site="porto")
        part.from_site("lisbon", cancel, 1.0, out)
    assert not part.cancelled("a", 2.0)
    assert part.cancelled("c", 2.0)
