"""Decides when a person is told that something this node needs is away, and that it is back.

Rule of this file: it looks at each sweep; what was away for its time is one alarm, which ends at
the first look that finds it again or finds that it belongs to the network no more.
"""

from __future__ import annotations

from collections.abc import Collection, Set
from dataclasses import dataclass

from nirc.core import site_alarms
from nirc.core.actions import Action
from nirc.core.alarms import Alarms
from nirc.core.settings import RouterSettings


@dataclass(frozen=True, slots=True)
class AlarmKind:
    """A code, and what a person reads beside it."""

    code: str
    text: str


ETCD = AlarmKind(
    "etcd_unreachable",
    "does not answer: nobody can lead for longer than a lease, sites go by their peer plan or "
    "serve at home; bring a majority of its members back",
)
LEADER = AlarmKind(
    "no_leader",
    "nobody leads: no moves by NIRC, sites go by their peer plan or serve at home; see whether "
    "etcd is in reach, and whether all nodes drain or are down",
)
NODE = AlarmKind(
    "node_down", "no stream to this node: look at its process and at the network between"
)
SITE = AlarmKind(
    "site_down", "not heard since this node started: look at its site agent and the network between"
)


class Watch:
    """What is missing, since when."""

    __slots__ = ("_alarms", "_missing_since_s", "_settings")

    def __init__(self, settings: RouterSettings, alarms: Alarms) -> None:
        self._settings = settings
        self._alarms = alarms
        self._missing_since_s: dict[str, dict[str, float]] = {}

    def etcd(self, in_reach: bool, now_s: float, out: list[Action]) -> None:
        """Is etcd in reach; at the start it is given a moment."""
        missing = () if in_reach else ("etcd",)
        self._look(ETCD, missing, 2 * self._settings.sweep_s, now_s, out)

    def leaders(self, leaderless: Collection[str], now_s: float, out: list[Action]) -> None:
        """Domains that nobody leads."""
        self._look(LEADER, leaderless, self._settings.leaderless_s, now_s, out)

    def nodes(self, away: Collection[str], now_s: float, out: list[Action]) -> None:
        """Configured nodes without a stream."""
        self._look(NODE, away, self._settings.away_s, now_s, out)

    def sites(self, documented: Set[str], heard: Set[str], now_s: float, out: list[Action]) -> None:
        """Sites of the documents that were never heard; how the others are, their links tell."""
        since = self._missing_since_s.setdefault(SITE.code, {})
        if not since and documented == heard:
            return
        for site in sorted((since.keys() | heard) - documented):
            for code in (SITE.code, *site_alarms.CODES):
                self._alarms.clear(code, site, out)
        unheard = documented - heard
        for site in [one for one in since if one not in unheard]:
            del since[site]
        self._raise(SITE, sorted(unheard), self._settings.away_s, now_s, out)

    def _look(
        self,
        kind: AlarmKind,
        missing: Collection[str],
        after_s: float,
        now_s: float,
        out: list[Action],
    ) -> None:
        since = self._missing_since_s.setdefault(kind.code, {})
        if not since and not missing:
            return
        for name in [one for one in since if one not in missing]:
            del since[name]
            self._alarms.clear(kind.code, name, out)
        self._raise(kind, missing, after_s, now_s, out)

    def _raise(
        self,
        kind: AlarmKind,
        missing: Collection[str],
        after_s: float,
        now_s: float,
        out: list[Action],
    ) -> None:
        since = self._missing_since_s[kind.code]
        for name in missing:
            if now_s - since.setdefault(name, now_s) >= after_s:
                self._alarms.raise_(kind.code, name, kind.text, out)
