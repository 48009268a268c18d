"""Decides whether the leader may go on while etcd is lost: only while every node agrees.

Rule of this file: off unless switched on. The leader asks every node that etcd ever named, round
after round; only a round that all of them granted prolongs its time, counted from when that round
was sent. A node grants only if etcd has lately answered it nothing, it knows no higher epoch and it
campaigns for nothing; its grant is a promise to campaign for nothing, and to end nobody's lease,
for one lease's time. A leader that is cut from etcd alone is refused and stops.

Source: the failsafe mode of Patroni (DCS failsafe mode), with epochs as the fence.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from nirc.core.actions import Action, HoldCampaign, ProlongOffice, SendToPeer
from nirc.core.events import CampaignHeld, CampaignWon, KeepaliveConfirmed
from nirc.core.parts import Parts
from nrcli.wire.messages import Epoch, FailsafeAnswer, FailsafeAsk

ALARM = "leading_without_etcd"
ASK_SHARE = 0.5
"A leader asks when etcd has confirmed nothing for so long, in parts of the lease's time."
ROUND_SHARE = 0.125
"And asks again this often."
ANSWER_SHARE = 0.4
"""A node grants nothing if etcd answered what it asked so lately: short enough that the leader's
time is not over before, long enough that one lost answer means nothing."""


@dataclass(slots=True)
class _Round:
    number: int
    sent_at_s: float
    epoch: Epoch
    granted: set[str] = field(default_factory=set)


class Failsafe:
    """Leading on without etcd, for all domains of this node."""

    __slots__ = (
        "_confirmed_at_s",
        "_members",
        "_node",
        "_parts",
        "_rounds",
        "_rounds_count",
        "_ttl_s",
        "peers",
    )

    def __init__(self, parts: Parts, *, node: str, peers: Collection[str], ttl_s: float) -> None:
        self._parts = parts
        self._node = node
        self.peers = frozenset(peers)
        "The configured other nodes."
        self._confirmed_at_s: dict[str, float] = {}
        "When the last keepalive that etcd confirmed was sent, by domain."
        self._ttl_s = ttl_s
        self._members: frozenset[str] = frozenset()
        self._rounds: dict[str, _Round] = {}
        self._rounds_count = 0

    def members_known(self, nodes: Collection[str]) -> None:
        """The nodes that etcd named last."""
        self._members = frozenset(nodes)

    # ---- as the leader

    def won(self, event: CampaignWon) -> None:
        """The key is ours."""
        self._confirmed_at_s[event.domain] = event.sent_at_s

    def confirmed(self, event: KeepaliveConfirmed, now_s: float, out: list[Action]) -> None:
        """etcd confirmed that it is still ours: the leadership lives longer."""
        self._confirmed_at_s[event.domain] = event.sent_at_s
        self._parts.leadership.confirmed(event, now_s, out)

    def tick(self, now_s: float, out: list[Action]) -> None:
        """Begin a round for each domain that we lead and etcd confirms no more."""
        if not self._ttl_s:
            return
        leadership = self._parts.leadership
        led = {known.domain: known.epoch for known in leadership.leading(now_s)}
        for domain in [one for one in self._rounds if one not in led]:
            self._over(domain, out)
        for domain, epoch in led.items():
            confirmed_at_s = self._confirmed_at_s.get(domain, now_s)
            if now_s - confirmed_at_s < self._ttl_s * ASK_SHARE:
                self._over(domain, out)
            else:
                self._ask(domain, epoch, now_s, out)

    def answered(self, node: str, message: FailsafeAnswer, now_s: float, out: list[Action]) -> None:
        """A node's word; a round that all have granted prolongs our time."""
        found = self._rounds.get(message.domain)
        if found is None or (message.round, message.epoch) != (found.number, found.epoch):
            return
        if not message.granted:
            self._parts.statistics.count("failsafe.refused")
            return
        found.granted.add(node)
        if found.granted >= self._others():
            self._agreed(message.domain, found, now_s, out)

    def _ask(self, domain: str, epoch: Epoch, now_s: float, out: list[Action]) -> None:
        last = self._rounds.get(domain)
        if last is not None and now_s - last.sent_at_s < self._ttl_s * ROUND_SHARE:
            return
        self._rounds_count += 1
        begun = self._rounds[domain] = _Round(self._rounds_count, now_s, epoch)
        for node in sorted(self._others()):
            ask = FailsafeAsk(domain=domain, epoch=epoch, round=begun.number)
            out.append(SendToPeer(node=node, message=ask))
        if not self._others():
            self._agreed(domain, begun, now_s, out)

    def _agreed(self, domain: str, agreed: _Round, now_s: float, out: list[Action]) -> None:
        ends_s = agreed.sent_at_s + self._ttl_s
        if not self._parts.leadership.prolong(domain, ends_s, now_s, out):
            return
        out.append(ProlongOffice(domain=domain, until_s=ends_s))
        self._parts.statistics.count("failsafe.rounds")
        text = (
            "etcd is lost and every node agrees: this node leads on with the configuration it has;"
            " nothing can be published; bring a majority of etcd's members back"
        )
        self._parts.alarms.raise_(ALARM, domain, text, out)

    def _over(self, domain: str, out: list[Action]) -> None:
        if self._rounds.pop(domain, None) is not None:
            self._parts.alarms.clear(ALARM, domain, out)

    def _others(self) -> frozenset[str]:
        return (self.peers | self._members) - {self._node}

    # ---- as another node

    def asked(self, node: str, message: FailsafeAsk, now_s: float, out: list[Action]) -> None:
        """A leader asks: refuse at once, or hold our campaigns first and answer then."""
        reason = self._refusal(message.domain, message.epoch, now_s)
        if reason:
            _answer(node, message, reason, out)
            return
        out.append(
            HoldCampaign(
                domain=message.domain,
                until_s=now_s + self._ttl_s,
                node=node,
                epoch=message.epoch,
                round=message.round,
            )
        )

    def held(self, event: CampaignHeld, now_s: float, out: list[Action]) -> None:
        """Our campaigns are held, or could not be."""
        reason = self._refusal(event.domain, event.epoch, now_s)
        if not event.held:
            reason = "a campaign is under way here"
        ask = FailsafeAsk(domain=event.domain, epoch=event.epoch, round=event.round)
        _answer(event.node, ask, reason, out)

    def _refusal(self, domain: str, epoch: Epoch, now_s: float) -> str:
        """Why we do not let that epoch go on; empty if we do."""
        knowledge = self._parts.knowledge
        if not self._ttl_s:
            return "failsafe is off at this node"
        if knowledge.etcd_answered_within(self._ttl_s * ANSWER_SHARE, now_s):
            return "etcd answers this node"
        if self._parts.leadership.leads(domain, now_s):
            return "this node leads"
        if knowledge.highest_epoch(domain) > epoch:
            return "a higher epoch is known here"
        return ""


def _answer(node: str, ask: FailsafeAsk, reason: str, out: list[Action]) -> None:
    answer = FailsafeAnswer(
        domain=ask.domain, epoch=ask.epoch, round=ask.round, granted=not reason, reason=reason
    )
    out.append(SendToPeer(node=node, message=answer))
