"""One run of the direct loop: calls go in part by part, outcomes come out.

Rule of this file: arrays grow here alone, between two happenings; the loop works on what it has. A
run begins as it is and goes on compiled, or the other way round, at any call of `feed`.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b
from typing import Any

import numpy as np

from simulator.compiled.desk import DONE, OVERLOADED, Given
from simulator.compiled.desk_tables import desk_of
from simulator.compiled.direct_calls import OUTCOME_UNFINISHED, write_outcome
from simulator.compiled.floor import settle
from simulator.compiled.heap import grown
from simulator.compiled.layout import (
    CALL_AWAY,
    CALL_FREE,
    CALL_HELD_US,
    CALL_MOVE_BEGAN_US,
    CALL_MOVING,
    CALL_STATE,
    CALL_TO_AGENT,
    NUMBER_CALL,
    NUMBER_DECISIONS,
    NUMBER_ENDS,
    NUMBER_EVENTS,
    NUMBER_FREE_SLOTS,
    NUMBER_MOVES,
    NUMBER_NOW,
    NUMBER_OUTCOMES,
    NUMBER_OVERLOADED,
    NUMBER_STANDING,
    NUMBER_TIMERS,
)
from simulator.compiled.policies import Policies
from simulator.compiled.tables import floor_of, note_for_all, sheets_of, with_slots, with_tries
from simulator.errors import OverloadedError
from simulator.model.calls import TYPES, CallsTable, calls_table
from simulator.model.instants import US
from simulator.model.network import NetworkModel
from simulator.model.outcomes import MOVE_TYPE, OUTCOME_TYPE, Part, Sums

Run = Callable[..., int]
Samples = Callable[[], tuple[Any, ...]]
"Gives arguments of `run` like those it will get."
_COLUMNS = tuple(name for name in Given._fields if name != "share")
FIRST_ROOM = 4096
FEW = 64
"Less room than this is made more."


class DirectRun:
    """A run under way. `loop` gives `run` and the policy for these calls."""

    def __init__(
        self,
        model: NetworkModel,
        policies: Policies,
        loop: Callable[[CallsTable, Samples], tuple[Run, Any]],
    ) -> None:
        self._model = model
        self._loop = loop
        self._sums = Sums.empty(model)
        self._sheets = sheets_of(self._sums)
        self._floor = floor_of(model)
        self._desk, self._asked = desk_of(model, policies)
        self._shares = any("call[12]" in policy.text for policy in policies.used)

    @property
    def sums(self) -> Sums:
        """Time spent so far."""
        return self._sums

    @property
    def counters(self) -> dict[str, int]:
        """Decisions of policies, and happenings."""
        numbers = self._floor.numbers
        return {
            "decisions": int(numbers[NUMBER_DECISIONS]),
            "events": int(numbers[NUMBER_EVENTS]),
            "standing": int(numbers[NUMBER_STANDING]),
        }

    def feed(self, calls: CallsTable, until_us: int) -> Part:
        """Take these calls and run to an instant."""
        return self._until(calls, until_us, stop_empty=False)

    def finish(self) -> Part:
        """Run on until all have ended, at most `drain_us` after the duration."""
        model = self._model
        nobody = calls_table(arrival_us=[])
        parts = []
        if self._floor.numbers[NUMBER_NOW] < model.duration_us:
            parts.append(self._until(nobody, model.duration_us, stop_empty=False))
        end_us = model.duration_us + model.drain_us
        if self._floor.numbers[NUMBER_STANDING]:
            parts.append(self._until(nobody, end_us, stop_empty=True))
            parts.append(self._unfinished())
        return _joined(parts)

    def _until(self, calls: CallsTable, until_us: int, *, stop_empty: bool) -> Part:
        given = given_of(calls, shares=self._shares)
        self._floor = with_tries(self._floor, given.share.shape[1])
        run, decide = self._loop(calls, lambda: self._arguments(given))
        note_for_all(self._floor)
        numbers = self._floor.numbers
        numbers[NUMBER_CALL] = 0
        standing = int(numbers[NUMBER_STANDING])
        self._results(len(calls) + 2 * standing + FIRST_ROOM)
        parts = []
        while True:
            status = run(*self._arguments(given)[:5], decide, until_us, int(stop_empty))
            if status == DONE:
                break
            if status == OVERLOADED:
                raise self._overloaded()
            if not self._grow():
                parts.append(self._handed_out())
                self._results(len(calls) + 2 * int(numbers[NUMBER_STANDING]) + FIRST_ROOM)
        parts.append(self._handed_out())
        settle(self._floor, self._sheets, int(numbers[NUMBER_NOW]))
        return _joined(parts)

    def _arguments(self, given: Given) -> tuple[Any, ...]:
        return self._floor, self._sheets, self._desk, self._asked, given, None, 0, 0

    def _results(self, room: int) -> None:
        """Empty tables for what ends."""
        moves = min(room, 65_536 + 2 * int(self._floor.numbers[NUMBER_STANDING]))
        self._desk = self._desk._replace(
            outcomes=np.zeros(room, dtype=OUTCOME_TYPE), moves=np.empty(moves, dtype=MOVE_TYPE)
        )
        self._floor.numbers[NUMBER_OUTCOMES] = 0
        self._floor.numbers[NUMBER_MOVES] = 0

    def _handed_out(self) -> Part:
        numbers, desk = self._floor.numbers, self._desk
        return Part(
            outcomes=desk.outcomes[: numbers[NUMBER_OUTCOMES]],
            moves=desk.moves[: numbers[NUMBER_MOVES]],
        )

    def _grow(self) -> bool:
        """Make room where there is little; False: it is the results that are full."""
        numbers, desk = self._floor.numbers, self._desk
        fullest = int(numbers[NUMBER_ENDS : NUMBER_TIMERS + 1].max())
        if desk.heaps.shape[1] - fullest < FEW:
            self._desk = desk._replace(heaps=grown(desk.heaps))
            return True
        if numbers[NUMBER_FREE_SLOTS] < FEW:
            self._floor = with_slots(self._floor, 2 * len(self._floor.calls))
            return True
        return False

    def _overloaded(self) -> OverloadedError:
        row = int(self._floor.numbers[NUMBER_OVERLOADED])
        site, queue = self._model.rows[row]
        place = f"{self._model.sites[site].name}/{self._model.sites[site].queues[queue].name}"
        at_s = float(self._floor.numbers[NUMBER_NOW]) / US
        return OverloadedError(at_s, place, self._model.waiting_max + 1)

    def _unfinished(self) -> Part:
        """What still stands ends as UNFINISHED, in the order of numbers."""
        floor = self._floor
        at_us = int(floor.numbers[NUMBER_NOW])
        states = floor.calls[:, CALL_STATE]
        slots = np.flatnonzero((states != CALL_FREE) & (states != CALL_AWAY))
        held = slots[(states[slots] == CALL_MOVING) & (floor.calls[slots, CALL_TO_AGENT] >= 0)]
        floor.calls[held, CALL_HELD_US] += at_us - floor.calls[held, CALL_MOVE_BEGAN_US]
        self._results(len(slots))
        for slot in slots[np.argsort(floor.calls[slots, 0], kind="stable")]:
            write_outcome(floor, self._desk, int(slot), OUTCOME_UNFINISHED, at_us)
        return self._handed_out()


def given_of(calls: CallsTable, *, shares: bool) -> Given:
    """The calls as the loop takes them, with the policy's share of each try, if it looks at it."""
    tries = 1 + max(int(calls.redials_max.max(initial=0)), 0)
    share = np.zeros((len(calls), tries))
    for attempt in range(tries if shares else 0):
        share[:, attempt] = [_share_of(f"{number}.{attempt}") for number in calls.number]
    columns = {
        name: np.ascontiguousarray(getattr(calls, name), dtype=TYPES[name]) for name in _COLUMNS
    }
    return Given(share=share, **columns)


def _share_of(interaction_id: str) -> float:
    """As `call_features.share_of`."""
    digest = blake2b(interaction_id.encode("utf-8"), digest_size=8).digest()
    return float((int.from_bytes(digest, "big") >> 11) / 2**53)


def _joined(parts: list[Part]) -> Part:
    if len(parts) == 1:
        return parts[0]
    if not parts:
        return Part(outcomes=np.empty(0, dtype=OUTCOME_TYPE), moves=np.empty(0, dtype=MOVE_TYPE))
    return Part(
        outcomes=np.concatenate([one.outcomes for one in parts]),
        moves=np.concatenate([one.moves for one in parts]),
    )
