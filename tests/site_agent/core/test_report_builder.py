"""Every node can rebuild the site's state from what it is sent, whatever it missed before."""

import random

from nrcli.wire import messages as msg
from site_agent.core.actions import SendToNode
from site_agent.core.outbox import Outbox
from site_agent.core.report_builder import ReportBuilder
from site_agent.core.settings import SiteSettings


class Site:
    def __init__(self) -> None:
        self.agents: dict[str, msg.AgentState] = {}
        self.out = Outbox()
        self.reports = ReportBuilder(7, SiteSettings(), self.out)
        self.reports.join({"agent": self.report})

    def report(self, name: str) -> tuple[msg.AgentReport, float] | None:
        if name not in self.agents:
            return None
        return msg.AgentReport(agent=name, state=self.agents[name], in_state_s=0.0), 10.0

    def change(self, name: str, state: msg.AgentState | None) -> None:
        if state is None:
            self.agents.pop(name, None)
        else:
            self.agents[name] = state
        self.reports.mark("agent", name)

    def sent(self, node: str = "n1") -> list[object]:
        actions = [a for a in self.out.take() if isinstance(a, SendToNode)]
        return [a.message for a in actions if a.node == node]


class Node:
    """What a node holds; checks the checksum after every message."""

    def __init__(self) -> None:
        self.held: dict[tuple[str, str], msg.Entity] = {}
        self.version = -1

    def take(self, message: object) -> msg.StateAck:
        if isinstance(message, msg.StateSnapshot):
            self.held = {msg.entity_key(e): e for e in message.entities}
        else:
            assert isinstance(message, msg.StateDelta)
            assert message.base_version <= self.version
            for gone in message.removed:
                self.held.pop((gone.kind, gone.name), None)
            self.held |= {msg.entity_key(e): e for e in message.entities}
        self.version = message.version
        assert msg.state_checksum(self.held.values()) == message.checksum
        return msg.StateAck(incarnation=message.incarnation, version=message.version)


def test_snapshot_then_deltas_from_what_was_acknowledged() -> None:
    site, node = Site(), Node()
    site.change("a", msg.AgentState.READY)
    site.reports.node_up("n1", 12.0)
    (snapshot,) = site.sent()
    assert isinstance(snapshot, msg.StateSnapshot)
    assert snapshot.entities[0].in_state_s == 2.0
    site.reports.acknowledged("n1", node.take(snapshot))
    site.change("b", msg.AgentState.READY)
    site.change("a", None)
    site.reports.flush(13.0)
    (delta,) = site.sent()
    assert isinstance(delta, msg.StateDelta) and delta.removed[0].name == "a"
    node.take(delta)
    site.change("b", msg.AgentState.BUSY)
    site.reports.flush(14.0)
    (again,) = site.sent()
    assert again.base_version == snapshot.version
    site.reports.acknowledged("n1", node.take(again))
    assert [e.agent for e in node.held.values()] == ["b"]


def test_nothing_changed_is_nothing_told() -> None:
    site = Site()
    site.reports.node_up("n1", 1.0)
    site.change("a", msg.AgentState.READY)
    site.reports.flush(2.0)
    site.sent()
    site.change("a", msg.AgentState.READY)
    site.reports.flush(3.0)
    assert site.sent() == []


def test_changes_are_gathered() -> None:
    site = Site()
    site.reports.node_up("n1", 1.0)
    site.sent()
    site.change("a", msg.AgentState.READY)
    site.reports.turn_ends(5.0)
    site.change("b", msg.AgentState.READY)
    site.reports.turn_ends(5.05)
    timers = site.out.take()
    assert len(timers) == 1 and timers[0].at_s == 5.1


def test_unacknowledged_is_repeated_and_resync_sends_all() -> None:
    site = Site()
    site.reports.node_up("n1", 1.0)
    site.sent()
    site.reports.again(3.0)
    assert isinstance(site.sent()[0], msg.StateSnapshot)
    site.reports.resync("n1", 4.0)
    assert isinstance(site.sent()[0], msg.StateSnapshot)


def test_acks_of_another_incarnation_or_the_future_are_ignored() -> None:
    site = Site()
    site.reports.node_up("n1", 1.0)
    site.reports.acknowledged("n1", msg.StateAck(incarnation=6, version=0))
    site.reports.acknowledged("n1", msg.StateAck(incarnation=7, version=99))
    site.sent()
    site.reports.again(3.0)
    assert site.sent()


def test_any_order_of_changes_losses_and_reconnects_keeps_nodes_right() -> None:
    for seed in range(100):
        dice, site, node = random.Random(seed), Site(), Node()
        site.reports.node_up("n1", 0.0)
        node.take(site.sent()[0])
        for step in range(40):
            name = dice.choice("abcde")
            site.change(name, dice.choice([None, *msg.AgentState]))
            if dice.random() < 0.5:
                site.reports.flush(float(step))
            if dice.random() < 0.1:
                site.reports.node_down("n1")
                site.out.take()
                site.reports.node_up("n1", float(step))
            for message in site.sent():
                ack = node.take(message)
                if dice.random() < 0.6:
                    site.reports.acknowledged("n1", ack)
        site.reports.flush(99.0)
        for message in site.sent():
            node.take(message)
        assert {e.agent: e.state for e in node.held.values()} == site.agents


def test_what_is_gone_is_remembered_only_for_a_standing_stream() -> None:
    site = Site()
    for number in range(200):
        site.change(f"a{number}", msg.AgentState.READY)
        site.reports.flush(1.0)
        site.change(f"a{number}", None)
        site.reports.flush(1.0)
    assert not site.reports._removed, "no node is there to be told"


def test_a_node_that_never_acknowledges_does_not_make_us_remember_for_ever() -> None:
    site = Site()
    site.reports.node_up("n1", 1.0)
    for number in range(200):
        site.change(f"a{number}", msg.AgentState.READY)
        site.reports.flush(2.0)
        site.change(f"a{number}", None)
        site.reports.flush(2.0)
    site.reports.snapshot_due(60.0)
    assert not site.reports._removed, "the node was sent everything anew"
