"""Decides who leads a domain by this node's knowledge, and whether etcd is in reach.

Rule of this file: nobody is named on old word. This node leads only within its deadline; another
one by its own word or by etcd's, neither of them older than `leader_heard_s`.
"""

from __future__ import annotations

from dataclasses import dataclass

from nirc.core.events import EtcdAnswered, LeaderObserved
from nirc.core.leadership import Leadership
from nirc.core.settings import RouterSettings
from nrcli.wire.messages import NO_EPOCH, Epoch, KnownEpoch


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownLeader:
    """Who leads; `node` is empty when nobody is known to, and `epoch` is then the last one."""

    node: str
    epoch: Epoch
    since_s: float | None = None
    "How long this node has known it to lead."
    heard_s: float | None = None
    "How old that knowledge is."


@dataclass(slots=True)
class _Word:
    epochs: dict[str, Epoch]
    at_s: float


class LeaderKnowledge:
    """What etcd and the other nodes said of leaders, and when."""

    __slots__ = (
        "_answered_at_s",
        "_last",
        "_leadership",
        "_node",
        "_observed",
        "_settings",
        "_since",
        "_words",
    )

    def __init__(self, node: str, settings: RouterSettings, leadership: Leadership) -> None:
        self._node = node
        self._settings = settings
        self._leadership = leadership
        self._observed: dict[str, tuple[str, Epoch, float]] = {}
        "etcd's word by domain: node, epoch, when it came."
        self._words: dict[str, _Word] = {}
        "What other nodes say they lead."
        self._since: dict[str, tuple[str, Epoch, float]] = {}
        self._last: dict[str, Epoch] = {}
        self._answered_at_s: float | None = None

    # ---- what is heard

    def observed(self, event: LeaderObserved, now_s: float) -> None:
        """etcd's key names a node."""
        self._observed[event.domain] = (event.node, event.epoch, now_s)

    def etcd_answered(self, event: EtcdAnswered) -> None:
        """etcd answered what was asked at an instant."""
        self._answered_at_s = max(event.asked_at_s, self._answered_at_s or event.asked_at_s)

    def peer_said(self, node: str, leading: tuple[KnownEpoch, ...], now_s: float) -> None:
        """Another node says what it leads."""
        self._words[node] = _Word({known.domain: known.epoch for known in leading}, now_s)

    def peer_down(self, node: str) -> None:
        """Its stream ended: its word is void."""
        self._words.pop(node, None)

    # ---- what follows

    def etcd_in_reach(self, now_s: float) -> bool:
        """Has etcd answered of late."""
        answered_at_s = self._answered_at_s
        return answered_at_s is not None and now_s - answered_at_s < self._settings.etcd_away_s

    def domains(self) -> list[str]:
        """Domains heard of."""
        return sorted(self.heard_domains())

    def heard_domains(self) -> set[str]:
        """The same in no order."""
        heard = self._observed.keys() | self._leadership.heard_domains()
        for word in self._words.values():
            heard.update(word.epochs)
        return heard

    def leader(self, domain: str, now_s: float) -> KnownLeader:
        """Who leads now. To be asked often enough (each sweep), so that `since_s` is true."""
        node, epoch, heard_s = self._believed(domain, now_s)
        if not node:
            self._since.pop(domain, None)
            return KnownLeader(node="", epoch=self._last.get(domain, NO_EPOCH))
        self._last[domain] = epoch
        since = self._since.get(domain)
        if since is None or since[:2] != (node, epoch):
            since = self._since[domain] = (node, epoch, now_s)
        return KnownLeader(node=node, epoch=epoch, since_s=now_s - since[2], heard_s=heard_s)

    def _believed(self, domain: str, now_s: float) -> tuple[str, Epoch, float]:
        """(node, epoch, age of the knowledge); node is empty if none is believed."""
        if self._leadership.leads(domain, now_s):
            return self._node, self._leadership.epoch(domain), 0.0
        named, epoch, named_at_s = self._observed.get(domain, ("", NO_EPOCH, 0.0))
        heard_from_s = now_s - self._settings.leader_heard_s
        nobody_from_s = named_at_s if not named and self.etcd_in_reach(now_s) else 0.0
        words = [
            (word.epochs[domain], node, word.at_s)
            for node, word in self._words.items()
            if domain in word.epochs and word.at_s > max(heard_from_s, nobody_from_s)
        ]
        if words and max(words)[0] >= epoch:
            epoch, node, at_s = max(words)
            return node, epoch, now_s - at_s
        own_word = self._words.get(named)
        denied = own_word is not None and own_word.at_s > max(named_at_s, heard_from_s)
        if not named or named == self._node or denied or not self.etcd_in_reach(now_s):
            return "", NO_EPOCH, 0.0
        return named, epoch, now_s - max(self._answered_at_s or 0.0, named_at_s)
