"""A leader goes on without etcd only while every node lets it, never past what they promised."""

from __future__ import annotations

from dataclasses import dataclass, field

from nirc.core.actions import Action, HoldCampaign, ProlongOffice, RaiseAlarm, SendToPeer, StepDown
from nirc.core.events import (
    CampaignHeld,
    CampaignWon,
    EtcdAnswered,
    Event,
    LeaderObserved,
    MembersKnown,
    PeerSaid,
    PeerUp,
    TimerFired,
)
from nirc.core.router import SWEEP_TIMER, Router
from nirc.core.settings import RouterSettings
from nrcli.wire.messages import Epoch, FailsafeAnswer

D = "default"
TTL_S = 4.0
EPOCH = Epoch(generation=1, revision=5)
NAMES = ("n1", "n2", "n3")


@dataclass
class Nodes:
    """Three routers whose words arrive at once; n1 leads from 100.0 on."""

    ttl_s: float = TTL_S
    now_s: float = 100.0
    mute: set[str] = field(default_factory=set)
    "Nodes whose words do not arrive."
    campaigning: set[str] = field(default_factory=set)
    told: dict[str, list[Action]] = field(default_factory=dict)
    promised_until_s: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.routers = {
            name: Router(
                node=name,
                settings=RouterSettings(),
                new_id=lambda: "x",
                peers=[other for other in NAMES if other != name],
                failsafe_ttl_s=self.ttl_s,
            )
            for name in NAMES
        }
        self.told = {name: [] for name in NAMES}
        for name in NAMES:
            for other in NAMES:
                if other != name:
                    self.event(name, PeerUp(node=other))
            self.etcd_answers(name)
        won = CampaignWon(domain=D, epoch=EPOCH, sent_at_s=100.0, ttl_s=TTL_S)
        self.event("n1", won)
        for name in ("n2", "n3"):
            self.event(name, LeaderObserved(domain=D, node="n1", epoch=EPOCH))

    def etcd_answers(self, name: str) -> None:
        self.event(name, EtcdAnswered(asked_at_s=self.now_s))

    def event(self, name: str, event: Event) -> None:
        for action in self.routers[name].handle(event, self.now_s):
            self.told[name].append(action)
            if isinstance(action, SendToPeer):
                if name in self.mute or action.node not in NAMES:
                    continue
                self.event(action.node, PeerSaid(node=name, message=action.message))
            elif isinstance(action, HoldCampaign):
                held = name not in self.campaigning
                if held:
                    self.promised_until_s[name] = action.until_s
                answer = CampaignHeld(
                    domain=action.domain,
                    node=action.node,
                    epoch=action.epoch,
                    round=action.round,
                    held=held,
                )
                self.event(name, answer)

    def go_on(self, to_s: float, etcd_for: tuple[str, ...] = ()) -> None:
        """Time passes in steps of a sweep."""
        while self.now_s < to_s:
            self.now_s += 0.25
            for name in NAMES:
                if name in etcd_for:
                    self.etcd_answers(name)
                self.event(name, TimerFired(name=SWEEP_TIMER))
                self.event(name, TimerFired(name=f"leadership:{D}"))

    def leads(self, name: str) -> bool:
        domains = self.routers[name].view(self.now_s).domains
        return any(one.leading_here for one in domains)

    def of(self, name: str, kind: type[Action]) -> list[Action]:
        return [action for action in self.told[name] if isinstance(action, kind)]


def test_it_goes_on_while_all_agree_and_says_so_loudly() -> None:
    nodes = Nodes()
    nodes.go_on(130.0)
    assert nodes.leads("n1")
    assert nodes.of("n1", ProlongOffice)
    alarms = [a for a in nodes.of("n1", RaiseAlarm) if isinstance(a, RaiseAlarm)]
    assert [alarm.code for alarm in alarms].count("leading_without_etcd") == 1


def test_the_promises_of_the_others_last_longer_than_its_time() -> None:
    nodes = Nodes()
    nodes.go_on(120.0)
    office = nodes.of("n1", ProlongOffice)[-1]
    assert isinstance(office, ProlongOffice)
    assert all(until_s >= office.until_s for until_s in nodes.promised_until_s.values())


def test_one_silent_node_ends_it() -> None:
    nodes = Nodes()
    nodes.mute.add("n3")
    nodes.go_on(110.0)
    assert not nodes.leads("n1")
    assert nodes.of("n1", StepDown)


def test_a_leader_cut_from_etcd_alone_is_refused() -> None:
    nodes = Nodes()
    nodes.go_on(110.0, etcd_for=("n2", "n3"))
    assert not nodes.leads("n1")
    assert not nodes.of("n1", ProlongOffice)


def test_a_campaign_under_way_is_a_refusal() -> None:
    nodes = Nodes()
    nodes.campaigning.add("n2")
    nodes.go_on(110.0)
    assert not nodes.leads("n1")


def test_a_higher_epoch_is_a_refusal() -> None:
    nodes = Nodes()
    higher = Epoch(generation=1, revision=9)
    nodes.event("n2", LeaderObserved(domain=D, node="n3", epoch=higher))
    nodes.go_on(110.0)
    assert not nodes.leads("n1")


def test_a_member_that_etcd_named_and_nobody_reaches_counts() -> None:
    nodes = Nodes()
    nodes.event("n1", MembersKnown(nodes=("n1", "n2", "n3", "n4")))
    nodes.go_on(110.0)
    assert not nodes.leads("n1")


def test_off_unless_switched_on() -> None:
    nodes = Nodes(ttl_s=0.0)
    nodes.go_on(110.0)
    assert not nodes.leads("n1")
    assert not nodes.of("n1", HoldCampaign)


def test_an_answer_to_an_earlier_round_is_void() -> None:
    nodes = Nodes()
    nodes.mute |= {"n2", "n3"}
    nodes.go_on(103.0)
    for node in ("n2", "n3"):
        old = FailsafeAnswer(domain=D, epoch=EPOCH, round=1, granted=True)
        nodes.event("n1", PeerSaid(node=node, message=old))
    assert not nodes.of("n1", ProlongOffice)


def test_with_etcd_back_the_alarm_ends() -> None:
    nodes = Nodes()
    nodes.go_on(110.0)
    assert nodes.routers["n1"].view(nodes.now_s).alarms
    won = CampaignWon(
        domain=D, epoch=Epoch(generation=1, revision=7), sent_at_s=nodes.now_s, ttl_s=TTL_S
    )
    nodes.event("n1", won)
    nodes.go_on(111.0, etcd_for=NAMES)
    codes = [alarm.code for alarm in nodes.routers["n1"].view(nodes.now_s).alarms]
    assert "leading_without_etcd" not in codes
