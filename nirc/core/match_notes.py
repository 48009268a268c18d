"""Remembers what this leader is doing with the network queue at the moment.

Rule of this file: nothing here is of the queue itself. All of it is forgotten with the leadership,
and runs out by itself; the next leader needs none of it.
"""

from __future__ import annotations

from nirc.core.network_queue import NetworkQueue
from nirc.core.open_request import OpenRequest
from nirc.core.settings import RouterSettings
from nirc.core.transfer import Move
from nrcli.wire.messages import MoveOutcome, ReserveRefusal

OF_THE_CALL = {
    *(ReserveRefusal.HOP_BUDGET, ReserveRefusal.UNKNOWN_TARGET, ReserveRefusal.NOT_SHARED),
}
"Why a site refuses this call and not the next one, too."


class MatchNotes:
    """Offers under way, and what failed a moment ago."""

    __slots__ = ("_pauses", "_queue", "_settings", "on_way", "open", "resting")

    def __init__(self, settings: RouterSettings, queue: NetworkQueue) -> None:
        self._settings = settings
        self._queue = queue
        self.open: dict[str, str] = {}
        "Request that a target is asked under, by entry."
        self.on_way: dict[str, tuple[str, float]] = {}
        "Entry whose origin was told to move: (token, until)."
        self.resting: dict[int, float] = {}
        "Row whose site refused a moment ago, or took a call, and has not reported since; until."
        self._pauses: dict[tuple[str, str], float] = {}
        "(entry, site) that failed one another a moment ago, until."

    # ---- what happens

    def ended(self, request: OpenRequest, token: str, now_s: float) -> None:
        """An offer ended: with a token the origin was told to move."""
        entry_id = request.request.entry_id
        if self.open.get(entry_id) == request.request.request_id:
            del self.open[entry_id]
        for site, row in request.failed:
            if request.reasons.get(site) in OF_THE_CALL:
                self._pause(entry_id, site, now_s)
            else:
                self.rest(row, now_s)
        if token:
            self.on_way[entry_id] = (token, now_s + self._settings.expires_s_min)

    def outcome(self, move: Move, outcome: MoveOutcome, now_s: float) -> None:
        """A move ended. One that failed frees its entry for others, and not for the same site."""
        if outcome in (MoveOutcome.ARRIVED, MoveOutcome.SERVED_AT_HOME):
            return
        for entry_id, (token, _) in list(self.on_way.items()):
            if token == move.token:
                del self.on_way[entry_id]
                self._pause(entry_id, move.target, now_s)

    def rest(self, row: int, now_s: float) -> None:
        """What is believed of this queue is behind the truth: until its site reports, it is offered
        no entry."""
        self.resting[row] = now_s + self._settings.match_rest_s

    def withdrawn(self, entry_id: str, now_s: float) -> None:
        """The origin needs nobody for this entry; soon its state says so, too."""
        self.on_way[entry_id] = ("", now_s + self._settings.queue_unseen_s)

    def forget(self, domain: str) -> None:
        """This node leads the domain no more."""
        self.open = {k: v for k, v in self.open.items() if not self._of(k, domain)}
        self.on_way = {k: v for k, v in self.on_way.items() if not self._of(k, domain)}

    def sweep(self, now_s: float) -> None:
        """What has run out is forgotten."""
        self.on_way = {k: v for k, v in self.on_way.items() if v[1] > now_s}
        self._pauses = {k: v for k, v in self._pauses.items() if v > now_s}
        self.resting = {k: v for k, v in self.resting.items() if v > now_s}

    def gone(self) -> list[tuple[str, str]]:
        """(entry, request) of offers whose call waits no more; nothing is noted of it then."""
        for entry_id in [one for one in self.on_way if self._queue.get(one) is None]:
            del self.on_way[entry_id]
        found = [(k, v) for k, v in self.open.items() if self._queue.get(k) is None]
        for entry_id, _ in found:
            del self.open[entry_id]
        return found

    # ---- what others ask

    def free(self, entry_id: str, site: str = "") -> bool:
        """May this entry be offered to this site now."""
        busy = entry_id in self.open or entry_id in self.on_way
        return not busy and (entry_id, site) not in self._pauses

    def paused(self, entry_id: str) -> list[str]:
        """Sites that this entry is not offered to now."""
        return [site for one, site in self._pauses if one == entry_id]

    def state(self, entry_id: str) -> str:
        """What is going on with an entry, in a word."""
        if entry_id in self.on_way:
            return "moving"
        return "offered" if entry_id in self.open else "waiting"

    def _of(self, entry_id: str, domain: str) -> bool:
        entry = self._queue.get(entry_id)
        return entry is None or entry.group.domain == domain

    def _pause(self, entry_id: str, site: str, now_s: float) -> None:
        self._pauses[(entry_id, site)] = now_s + self._settings.match_pause_s
