"""Who harms callers is suspended, told to people and to the other nodes, and comes back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from playbook import Playbook
from router_network import EPOCH, FakeSite, ask, leading, report

from nirc.core.actions import ClearAlarm, RaiseAlarm, RecordDecision, SendToPeer
from nirc.core.events import CampaignWon, LeadershipLost, PeerSaid, PeerUp, SiteAlive, SiteSaid
from nirc.core.hole_places import AGENT, PATH, QUEUE, PlaceView
from nirc.core.settings import RouterSettings
from nrcli.wire import messages as msg

SETTINGS = RouterSettings(quiet_s=1e6, dead_s=1e6, peer_status_s=1e6)
AGENTS = {f"a{number}": 1.0 for number in range(8)}


class Network:
    """Three sites, one node that leads; lisbon's callers are moved."""

    def __init__(self, **more: Any) -> None:
        self.porto = FakeSite("porto", AGENTS)
        self.faro = FakeSite("faro", dict.fromkeys(AGENTS, 50.0))
        self.lisbon = FakeSite("lisbon", waiting_count=9, staffed_count=2)
        self.sites = {site.name: site for site in (self.lisbon, self.porto, self.faro)}
        settings = replace(SETTINGS, **more)
        self.book: Playbook = leading(*self.sites.values(), settings=settings, ttl_s=1e7)
        self.asked_count = 0

    def talks(self, site: str, **counts: int) -> Playbook:
        """The site's queue says how talks went since the last time."""
        queue = self.sites[site].queue
        for name, count in counts.items():
            queue[name] = int(queue.get(name, 0)) + count  # type: ignore[call-overload]
        report(self.book, self.sites[site])
        return self.book

    def agent_talks(self, site: str, agent: str, **counts: int) -> Playbook:
        """The same of one agent, whose site has said nothing of them yet."""
        found = self.sites[site]
        snapshot = found.snapshot(self.book.now_s)
        entities = tuple(
            replace(one, **counts)
            if isinstance(one, msg.AgentReport) and one.agent == agent
            else one
            for one in snapshot.entities
        )
        self.book.event(SiteSaid(site=site, message=replace(snapshot, entities=entities)))
        return self.book

    def ask(self) -> msg.Reserve | None:
        """A caller of lisbon: what the first target is asked."""
        self.asked_count += 1
        message = ask(f"r{self.asked_count}", answered=True)
        self.book.event(SiteSaid(site="lisbon", message=message))
        self.asked_of = [(site, one) for site, one in self.book.messages(msg.Reserve)]
        return self.asked_of[0][1] if self.asked_of else None

    def target(self) -> str:
        return self.asked_of[0][0] if self.ask() else ""

    def move(
        self,
        outcome: msg.MoveOutcome,
        method: msg.TransferMethod | None = None,
        sip_status: int = 0,
    ) -> None:
        """A caller is moved, and the move ends so."""
        reserve = self.ask()
        assert reserve is not None
        site = self.asked_of[0][0]
        for grant in self.sites[site].hear(reserve, self.book.now_s):
            self.book.event(SiteSaid(site=site, message=grant))
        answer = self.book.sent("lisbon", msg.RouteAnswer)
        self.sites[site].free(reserve.request_id, self.book.now_s)
        ended = msg.TransferOutcome(
            request_id=reserve.request_id,
            token=answer.token,
            target_site=site,
            method=method or answer.rungs[0].method,
            outcome=outcome,
            sip_status=sip_status,
        )
        self.book.event(SiteSaid(site="lisbon", message=ended))

    def place(self, kind: str, site: str, name: str) -> PlaceView:
        outcomes = self.book.router.view(self.book.now_s).outcomes
        return next(one for one in outcomes if (one.kind, one.site, one.name) == (kind, site, name))

    def wait(self, for_s: float) -> None:
        until_s = self.book.now_s + for_s
        while self.book.now_s < until_s:
            self.book.wait_until(min(self.book.now_s + 5.0, until_s))
            for site in self.sites:
                self.book.event(SiteAlive(site=site))


def test_a_queue_that_ends_its_talks_at_once_is_suspended_and_told() -> None:
    network = Network()
    network.talks("porto", network_short_count=5)
    assert network.target() == "porto"
    network.talks("porto", network_short_count=1)
    alarm = network.book.take(RaiseAlarm, code="black_hole", place="porto/sales")
    assert alarm.text.startswith("6 of the last 6 calls moved there ended at once")
    assert network.place(QUEUE, "porto", "sales").phase == "suspended"
    assert network.target() == "faro"


def test_the_decision_says_why_it_lost() -> None:
    network = Network()
    network.talks("porto", network_short_count=6)
    network.move(msg.MoveOutcome.ARRIVED)
    record = network.book.router.view(network.book.now_s).decisions[-1]
    lost = {one.site: one.lost_because for one in record.candidates}
    assert lost["porto"].startswith("suspended: 6 of the last 6 calls")
    assert record.target_site == "faro" and record.replay is not None


def test_talks_that_are_as_short_elsewhere_suspend_nobody() -> None:
    network = Network()
    network.talks("lisbon", lasted_count=10, short_count=30)
    network.talks("porto", network_short_count=12)
    assert network.place(QUEUE, "porto", "sales").phase == "open"
    assert network.target() == "porto"


def test_an_agent_alone_is_suspended_and_the_queue_stays() -> None:
    network = Network()
    network.talks("porto", network_short_count=2, network_unanswered_count=2)
    network.agent_talks("porto", "a0", network_short_count=4, network_unanswered_count=2)
    network.book.action(RaiseAlarm, code="black_hole", place="agent porto/a0")
    assert network.place(AGENT, "porto", "a0").phase == "suspended"
    assert network.place(QUEUE, "porto", "sales").counts == {}
    reserve = network.ask()
    assert network.asked_of[0][0] == "porto" and reserve is not None and reserve.agent == "a1"


def test_an_agent_gets_a_probe_and_returns() -> None:
    network = Network()
    network.agent_talks("porto", "a0", network_short_count=6)
    counts = {"network_short_count": 6}
    for number in range(1, 4):
        for _ in range(10):
            network.move(msg.MoveOutcome.ARRIVED)
        network.wait(25.0)
        reserve = network.ask()
        assert reserve is not None and reserve.agent == "a0", number
        counts["network_lasted_count"] = number
        network.sites["porto"].free(reserve.request_id, network.book.now_s)
        network.agent_talks("porto", "a0", **counts)
        network.wait(0.5)
    assert network.place(AGENT, "porto", "a0").phase == "returning"
    network.wait(70.0)
    assert all(one.kind != AGENT for one in network.book.router.view(network.book.now_s).outcomes)


def test_the_half_of_a_service_is_never_suspended() -> None:
    network = Network()
    network.talks("lisbon", lasted_count=200)
    network.talks("porto", network_short_count=6)
    network.talks("faro", network_short_count=6)
    network.book.action(RaiseAlarm, code="black_holes_many", place="faro/sales")
    assert network.target() == "faro"


def test_a_path_that_works_by_another_method_alone_loses_the_one_that_does_not() -> None:
    network = Network()
    for _ in range(SETTINGS.hole_outcomes_min):
        network.move(msg.MoveOutcome.ARRIVED, msg.TransferMethod.BRIDGE)
    refer = network.place(PATH, "porto", "lisbon-out by refer")
    assert refer.phase == "suspended"
    bridge = network.place(PATH, "porto", "lisbon-out by bridge")
    assert bridge.counts == {"arrived": 6} and bridge.phase == "open"
    assert network.target() == "porto"
    moved = next(one for one in network.book.router.view(500.0).paths if one.path == "lisbon-out")
    assert {(one.method, one.arrived_count, one.phase) for one in moved.moved} >= {
        ("bridge", 6, "open"),
        ("refer", 0, "suspended"),
    }


@pytest.mark.parametrize("outcome", [msg.MoveOutcome.TIMEOUT, msg.MoveOutcome.REFUSED])
def test_a_path_is_suspended_where_others_work(outcome: msg.MoveOutcome) -> None:
    network = Network()
    network.faro.agents["best"] = (msg.AgentState.READY, -9.0)
    report(network.book, network.faro)
    network.move(msg.MoveOutcome.ARRIVED)
    network.faro.agents.pop("best")
    report(network.book, network.faro)
    for _ in range(SETTINGS.hole_outcomes_min):
        network.move(outcome, msg.TransferMethod.BRIDGE)
    network.book.action(RaiseAlarm, code="black_hole", place="path lisbon-out by refer to porto")
    assert network.place(PATH, "porto", "lisbon-out by refer").phase == "suspended"
    assert network.target() == "faro"


def test_callers_whom_an_agent_at_home_just_took_say_nothing_of_a_path() -> None:
    network = Network()
    for _ in range(3 * SETTINGS.hole_outcomes_min):
        network.move(msg.MoveOutcome.REFUSED, msg.TransferMethod.REFER, sip_status=491)
    names = [one.name for one in network.book.router.view(network.book.now_s).outcomes]
    assert "lisbon-out by refer" not in names


def test_a_site_that_refuses_what_it_offers_is_asked_no_more() -> None:
    network = Network()
    network.porto.queue["max_loan"] = 100
    report(network.book, network.porto)
    asked = 0
    while network.target() == "porto":
        asked += 1
        assert asked < 30
        reserve = network.asked_of[0][1]
        refusal = msg.ReserveRefused(
            domain="default",
            epoch=EPOCH,
            request_id=reserve.request_id,
            reason=msg.ReserveRefusal.NO_AGENT,
        )
        network.book.event(SiteSaid(site="porto", message=refusal))
    assert asked == 19
    assert "refused" in network.place(QUEUE, "porto", "sales").reason


def test_a_pool_without_numbers_is_no_hole() -> None:
    network = Network()
    network.porto.queue["max_loan"] = 100
    report(network.book, network.porto)
    for _ in range(30):
        assert network.target() == "porto"
        reserve = network.asked_of[0][1]
        refusal = msg.ReserveRefused(
            domain="default",
            epoch=EPOCH,
            request_id=reserve.request_id,
            reason=msg.ReserveRefusal.NO_NUMBER,
        )
        network.book.event(SiteSaid(site="porto", message=refusal))


def test_the_other_nodes_keep_what_the_leader_suspended() -> None:
    network = Network()
    network.talks("porto", network_short_count=6)
    network.book.event(PeerUp(node="n2"))
    status = network.book.take(SendToPeer, node="n2").message
    assert isinstance(status, msg.PeerStatus)
    assert [one.name for one in status.suspended] == ["sales"]

    other = Network()
    other.book.event(LeadershipLost(domain="default", reason="gone"))
    other.book.event(PeerSaid(node="n1", message=status))
    assert other.place(QUEUE, "porto", "sales").phase == "suspended"
    later = replace(EPOCH, revision=EPOCH.revision + 1)
    now_s = other.book.now_s
    other.book.event(CampaignWon(domain="default", epoch=later, sent_at_s=now_s, ttl_s=1e7))
    for site, message in list(other.book.messages(msg.Leading)):
        for said in other.sites[site].hear(message, now_s):
            other.book.event(SiteSaid(site=site, message=said))
    assert other.target() == "faro"
    other.wait(1.0)
    assert any(one.code == "black_hole" for one in other.book.router.view(now_s).alarms)


def test_a_follower_lets_go_of_what_the_leader_opened() -> None:
    network = Network()
    network.talks("porto", network_short_count=6)
    network.book.event(LeadershipLost(domain="default", reason="gone"))
    network.wait(0.5)
    assert not network.book.router.view(network.book.now_s).alarms
    leads = (msg.KnownEpoch(domain="default", epoch=EPOCH),)
    silent = msg.PeerStatus(node="n2", leading=(), sites=())
    network.book.event(PeerSaid(node="n2", message=silent))
    assert network.place(QUEUE, "porto", "sales").phase == "suspended"
    network.book.event(PeerSaid(node="n2", message=replace(silent, leading=leads)))
    assert network.place(QUEUE, "porto", "sales").phase == "open"


def test_a_queue_that_is_gone_is_forgotten() -> None:
    network = Network()
    network.talks("porto", network_short_count=6)
    network.porto.version += 1
    gone = msg.StateSnapshot(incarnation=1, version=network.porto.version, checksum=0, entities=())
    network.book.event(SiteSaid(site="porto", message=gone))
    network.book.action(ClearAlarm, code="black_hole", place="porto/sales")


def test_places_are_bounded() -> None:
    network = Network(hole_places_max=2)
    for site in ("lisbon", "porto", "faro"):
        network.talks(site, network_short_count=1)
    assert len(network.book.router.view(network.book.now_s).outcomes) == 2
    assert not any(isinstance(one, RecordDecision) for one in network.book.left)
