"""Decides whether a site is believed alive.

Rule of this file: every change of a site's liveness happens in `sign`, and it reads MOVES. There is
no other writer.
"""

from __future__ import annotations

from collections.abc import Set
from enum import Enum

from nirc.core.settings import RouterSettings


class Liveness(Enum):
    """What is believed of a site."""

    ALIVE = "alive"
    "May receive calls."
    SUSPECT = "suspect"
    "Keeps its calls, receives no new ones."
    DEAD = "dead"
    "No stream, or silent for long."


class Sign(Enum):
    """What was seen of a site."""

    LINK_UP = "link_up"
    HEARD = "heard"
    QUIET = "quiet"
    SILENT = "silent"
    LINK_DOWN = "link_down"


MOVES: dict[tuple[Liveness, Sign], Liveness] = {
    (Liveness.ALIVE, Sign.LINK_UP): Liveness.ALIVE,
    (Liveness.ALIVE, Sign.HEARD): Liveness.ALIVE,
    (Liveness.ALIVE, Sign.QUIET): Liveness.SUSPECT,
    (Liveness.ALIVE, Sign.SILENT): Liveness.DEAD,
    (Liveness.ALIVE, Sign.LINK_DOWN): Liveness.DEAD,
    (Liveness.SUSPECT, Sign.LINK_UP): Liveness.ALIVE,
    (Liveness.SUSPECT, Sign.HEARD): Liveness.ALIVE,
    (Liveness.SUSPECT, Sign.QUIET): Liveness.SUSPECT,
    (Liveness.SUSPECT, Sign.SILENT): Liveness.DEAD,
    (Liveness.SUSPECT, Sign.LINK_DOWN): Liveness.DEAD,
    (Liveness.DEAD, Sign.LINK_UP): Liveness.ALIVE,
    (Liveness.DEAD, Sign.HEARD): Liveness.ALIVE,
    (Liveness.DEAD, Sign.QUIET): Liveness.DEAD,
    (Liveness.DEAD, Sign.SILENT): Liveness.DEAD,
    (Liveness.DEAD, Sign.LINK_DOWN): Liveness.DEAD,
}
"Every pair is listed, so that a missing rule is a KeyError in tests and not a guess."


class SiteLiveness:
    """Liveness of every site that ever had a stream to this node."""

    __slots__ = ("_alive", "_heard_at_s", "_linked", "_liveness", "_settings")

    def __init__(self, settings: RouterSettings) -> None:
        self._settings = settings
        self._liveness: dict[str, Liveness] = {}
        self._heard_at_s: dict[str, float] = {}
        self._linked: set[str] = set()
        self._alive: set[str] = set()

    def link_up(self, site: str, now_s: float) -> None:
        """Its stream stands."""
        self._linked.add(site)
        self._heard_at_s[site] = now_s
        self._sign(site, Sign.LINK_UP)

    def link_down(self, site: str) -> None:
        """Its stream ended."""
        self._linked.discard(site)
        if site in self._liveness:
            self._sign(site, Sign.LINK_DOWN)

    def hear(self, site: str, now_s: float) -> bool:
        """Something arrived; False if the site has no stream here (then nothing changes)."""
        if site not in self._linked:
            return False
        self._heard_at_s[site] = now_s
        if self._liveness[site] is not Liveness.ALIVE:
            self._sign(site, Sign.HEARD)
        return True

    def tick(self, now_s: float) -> list[tuple[str, Liveness]]:
        """Looks for silence; returns the sites whose liveness changed."""
        changed = []
        for site in self._linked:
            silence_s = now_s - self._heard_at_s[site]
            if silence_s < self._settings.quiet_s:
                continue
            before = self._liveness[site]
            self._sign(site, Sign.SILENT if silence_s >= self._settings.dead_s else Sign.QUIET)
            if self._liveness[site] is not before:
                changed.append((site, self._liveness[site]))
        return changed

    def of(self, site: str) -> Liveness:
        """What is believed; a site never seen is dead."""
        return self._liveness.get(site, Liveness.DEAD)

    @property
    def alive(self) -> Set[str]:
        """Every site believed alive; to look into, at once."""
        return self._alive

    def linked(self, site: str) -> bool:
        """Has it a stream to this node."""
        return site in self._linked

    def linked_sites(self) -> tuple[str, ...]:
        """Sites with a stream to this node, by name."""
        return tuple(sorted(self._linked))

    def _sign(self, site: str, sign: Sign) -> None:
        state = MOVES[(self._liveness.get(site, Liveness.DEAD), sign)]
        self._liveness[site] = state
        if state is Liveness.ALIVE:
            self._alive.add(site)
        else:
            self._alive.discard(site)
