"""One run of the loop for networks that are not ideal: calls go in part by part, outcomes come out.

Rule of this file: arrays grow here alone, between two happenings; the loop works on what it has.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from routing_policies.call_features import share_of
from simulator.compiled import networked_layout as n
from simulator.compiled.networked_tables import Tables
from simulator.compiled.policies import Policies
from simulator.errors import NotModelledError, OverloadedError
from simulator.model.calls import CallsTable, calls_table
from simulator.model.instants import US
from simulator.model.network import NetworkModel
from simulator.model.outcomes import MOVE_TYPE, OUTCOME_TYPE, Part, Sums

SLOTS_FIRST = 1024
Loop = Callable[[int, n.World], Any]
"Gives what has `begin`, `run`, `finish`, `spend_all` and `decide`, for a count of calls."
GIVEN = {
    n.I_NUMBER: "number",
    n.I_ARRIVAL: "arrival_us",
    n.I_INGRESS: "ingress",
    n.I_PRIORITY: "priority",
    n.I_AHEAD: "ahead_us",
    n.I_PATIENCE: "patience_us",
    n.I_BALKS: "balks",
    n.I_TALK: "talk_us",
    n.I_ACW: "acw_us",
    n.I_REDIALS: "redials_max",
    n.I_REDIAL_AFTER: "redial_after_us",
}
SLOTS = {
    "calls": ("call_times", n.G_FREE_C, n.G_LEFT_C, n.C_NEXT_FREE),
    "requests": ("request_times", n.G_FREE_R, n.G_LEFT_R, n.R_NEXT_FREE),
    "deals": ("deal_times", n.G_FREE_D, n.G_LEFT_D, n.D_NEXT_FREE),
    "tickets": ("ticket_times", n.G_FREE_K, n.G_LEFT_K, n.K_NEXT_FREE),
    "groups": ("", n.G_FREE_P, n.G_LEFT_P, n.P_NEXT_FREE),
}
"Tables of slots that are used again."


class NetworkedRun:
    """A run under way."""

    def __init__(self, model: NetworkModel, policies: Policies, loop: Loop) -> None:
        self._model = model
        self._loop = loop
        self._sums = Sums.empty(model)
        self._world: n.World = Tables(model, policies).world(self._sums)
        self._shares = any("call[12]" in policy.text for policy in policies.used)
        for name in SLOTS:
            self._more_slots(name)
        for name in ("tickets", "groups"):
            self._leave_out_first(name)
        most = int(self._world.sites[:, n.S_REPORT_MOST].max(initial=1))
        self._more(reports=4 * most + 4096)
        self._begun = False

    @property
    def sums(self) -> Sums:
        """Time spent so far."""
        self._loop(0, self._world).spend_all(self._world)
        return self._sums

    @property
    def counters(self) -> dict[str, int]:
        """Decisions of policies, and happenings."""
        g = self._world.g
        return {
            "decisions": int(g[n.G_DECISIONS]),
            "events": int(g[n.G_EVENTS]),
            "standing": int(g[n.G_STANDING]),
        }

    def feed(self, calls: CallsTable, until_us: int) -> Part:
        """Take these calls and run to an instant. Raises OverloadedError, NotModelledError."""
        return self._until(calls, until_us, last=False)

    def finish(self) -> Part:
        """Run on until all have ended, at most `drain_us` after the duration."""
        model, g = self._model, self._world.g
        nobody = calls_table(arrival_us=[])
        parts = []
        if g[n.G_NOW] < model.duration_us:
            parts.append(self._until(nobody, model.duration_us, last=False))
        if g[n.G_STANDING]:
            parts.append(self._until(nobody, model.duration_us + model.drain_us, last=True))
        standing = int(g[n.G_STANDING])
        if standing:
            self._more(outcomes=standing + 8)
            self._loop(0, self._world).finish(self._world)
            parts.append(self._handed_out())
        return _joined(parts)

    def _until(self, calls: CallsTable, until_us: int, *, last: bool) -> Part:
        loop, parts = self._loop(len(calls), self._world), []
        self._give(calls)
        if not self._begun:
            self._begun = True
            loop.begin(self._world)
        while True:
            status = loop.run(self._world, until_us, int(last), loop.decide)
            parts.append(self._handed_out())
            if status == n.DONE:
                return _joined(parts)
            self._provide(status)

    def _give(self, calls: CallsTable) -> None:
        count = len(calls)
        given = np.zeros((max(count, 1), n.I_WIDTH), dtype=np.int64)
        for column, name in GIVEN.items():
            given[:count, column] = getattr(calls, name)
        attempts = 1 + int(calls.redials_max.max(initial=0)) if self._shares else 1
        shares = np.zeros((max(count, 1), n.SHARES_MAX))
        if attempts > n.SHARES_MAX:
            what = f"policies that read call.share where callers try {attempts} times"
            raise NotModelledError("compiled", what, "use the world engine")
        if self._shares:
            for i, number in enumerate(calls.number.tolist()):
                shares[i, :attempts] = [share_of(f"{number}.{one}") for one in range(attempts)]
        luck = np.zeros(max(count, 1))
        luck[:count] = calls.ring_luck
        self._world = self._world._replace(given=given, given_luck=luck, given_share=shares)
        self._world.g[n.G_NEXT_CALL] = 0
        self._world.g[n.G_CALLS] = count
        if calls.priority.any() or calls.ahead_us.any():
            self._world.g[n.G_UNIFORM] = 0  # the oldest call need not stand first in its line

    def _handed_out(self) -> Part:
        g, world = self._world.g, self._world
        outcomes = _records(world.outcomes[: g[n.G_OUTCOMES]], OUTCOME_TYPE)
        moves = _records(world.moves[: g[n.G_MOVES]], MOVE_TYPE)
        g[n.G_OUTCOMES] = g[n.G_MOVES] = 0
        return Part(outcomes=outcomes, moves=moves)

    # ---- room -------------------------------------------------------------------------------

    def _provide(self, status: int) -> None:
        """More room for what there is too little of. Raises OverloadedError, NotModelledError."""
        world = self._world
        if status == n.MORE_HEAP:
            self._more(heap=2 * len(world.heap))
        elif status == n.MORE_CALLS:
            self._more_slots("calls")
        elif status == n.MORE_REQUESTS:
            self._more_slots("requests")
        elif status == n.MORE_DEALS:
            self._more_slots("deals")
        elif status == n.MORE_TICKETS:
            self._more_slots("tickets")
            self._more_slots("groups")
        elif status == n.MORE_REPORTS:
            self._more(reports=2 * world.reports.shape[1])
        elif status == n.OVERLOADED:
            raise self._overloaded()

    def _more(self, **sizes: int) -> None:
        """Longer tables; reports on their way keep their places."""
        changed: dict[str, Any] = {}
        for name, size in sizes.items():
            old = getattr(self._world, name)
            if name == "reports":
                changed[name] = self._longer_reports(old, size)
                continue
            if name == "looks":
                changed[name] = np.zeros((2, max(size, n.FRESH_MAX), 2), dtype=old.dtype)
                changed[name][:, : old.shape[1]] = old
                continue
            larger = np.zeros((max(size, len(old)), old.shape[1]), dtype=old.dtype)
            larger[: len(old)] = old
            changed[name] = larger
        self._world = self._world._replace(**changed)

    def _longer_reports(self, old: Any, size: int) -> Any:
        larger = np.zeros((len(old), size))
        for site in range(len(old)):
            tail, head = self._world.sites[site, n.S_TAIL], self._world.sites[site, n.S_HEAD]
            at = np.arange(tail, head)
            larger[site, at % size] = old[site, at % old.shape[1]]
        return larger

    def _more_slots(self, name: str) -> None:
        """Twice as many slots; the new ones are free."""
        times, first, left, column = SLOTS[name]
        old = len(getattr(self._world, name))
        size = 2 * old or SLOTS_FIRST
        self._more(**{name: size} | ({times: size} if times else {}))
        if name == "tickets":
            self._more(pauses=size, looks=size)
        table, g = getattr(self._world, name), self._world.g
        table[old:size, column] = np.arange(old + 1, size + 1)
        table[size - 1, column] = g[first]
        g[first] = old
        g[left] += size - old

    def _leave_out_first(self, name: str) -> None:
        """Slot 0 stands for none."""
        _, first, left, column = SLOTS[name]
        g = self._world.g
        g[first] = getattr(self._world, name)[g[first], column]
        g[left] -= 1

    def _overloaded(self) -> OverloadedError:
        row = int(self._world.g[n.G_OVER_ROW])
        site, queue = self._model.rows[row]
        place = f"{self._model.sites[site].name}/{self._model.sites[site].queues[queue].name}"
        at_s = float(self._world.g[n.G_NOW]) / US
        return OverloadedError(at_s, place, int(self._world.rows[row, n.Q_WAITING]))


def _records(lines: Any, kind: Any) -> Any:
    """Lines of whole numbers as records."""
    made = np.empty(len(lines), dtype=kind)
    for i, name in enumerate(kind.names):
        made[name] = lines[:, i]
    return made


def _joined(parts: list[Part]) -> Part:
    if not parts:
        parts = [Part(outcomes=np.empty(0, OUTCOME_TYPE), moves=np.empty(0, MOVE_TYPE))]
    return Part(
        outcomes=np.concatenate([one.outcomes for one in parts]),
        moves=np.concatenate([one.moves for one in parts]),
    )
