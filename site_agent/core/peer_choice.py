"""Picks the peer that is asked, by share, and leaves out for a while those that fail.

Rule of this file: no dice and no clock: smooth weighted turns, so that each peer gets its share of
any few calls in a row. A peer's pause doubles with each failure in a row, up to a bound, and is
over with its first taken call.
"""

from __future__ import annotations

from collections.abc import Sequence

from routing_policies.peer_plan_kinds import PlanPeer
from site_agent.core.settings import SiteSettings


class _Pause:
    """One peer that failed lately, for one service."""

    __slots__ = ("length_s", "until_s")

    def __init__(self) -> None:
        self.length_s = 0.0
        self.until_s = 0.0


class PeerChoice:
    """Turns and pauses, by service."""

    __slots__ = ("_pauses", "_settings", "_turns")

    def __init__(self, settings: SiteSettings) -> None:
        self._settings = settings
        self._turns: dict[tuple[str, str], float] = {}
        self._pauses: dict[tuple[str, str], _Pause] = {}

    def pick(self, service: str, peers: Sequence[PlanPeer], now_s: float) -> PlanPeer | None:
        """The next peer among these that are in reach; None if there is none."""
        able = [peer for peer in peers if peer.calls_max and not self.paused(service, peer, now_s)]
        if not able:
            return None
        total = sum(peer.share for peer in able)
        for peer in able:
            key = (service, peer.site)
            self._turns[key] = self._turns.get(key, 0.0) + peer.share / total
        best = max(able, key=lambda peer: self._turns[(service, peer.site)])
        self._turns[(service, best.site)] -= 1.0
        return best

    def paused(self, service: str, peer: PlanPeer, now_s: float) -> bool:
        """Is this peer left out now?"""
        pause = self._pauses.get((service, peer.site))
        return pause is not None and now_s < pause.until_s

    def took(self, service: str, site: str) -> None:
        """A peer took a call."""
        self._pauses.pop((service, site), None)

    def failed(self, service: str, site: str, now_s: float, *, silent: bool) -> None:
        """A peer refused a call, or did not speak."""
        settings = self._settings
        pause = self._pauses.setdefault((service, site), _Pause())
        least_s = settings.plan_silent_pause_s if silent else settings.plan_refused_pause_s
        pause.length_s = min(settings.plan_pause_s_max, max(least_s, 2 * pause.length_s))
        pause.until_s = now_s + pause.length_s

    def out_of_reach(self, now_s: float) -> tuple[str, ...]:
        """`service/site` of the peers that are left out now, for people."""
        found = [key for key, pause in self._pauses.items() if now_s < pause.until_s]
        return tuple(sorted("/".join(key) for key in found))
