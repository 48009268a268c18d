"""Decides what goes out on a link next, and what is left out when there is too much.

Rule of this file: nothing grows without bound. Decisions are never left out: where one finds no
room, the link is given up. Of state only the newest is kept. Of history the oldest is shed.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass

from nrcli.wire.messages import (
    DataPut,
    DataStored,
    Lane,
    NodeMessage,
    PeerMessage,
    SiteMessage,
    SiteRecord,
    StateAck,
    StateDelta,
    StateSnapshot,
    TransferOutcome,
    lane_of,
)

Message = SiteMessage | NodeMessage | PeerMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneSettings:
    """Most that waits on each lane of one link, and most that goes out at once."""

    decision_messages_max: int = 8192
    decision_bytes_max: int = 16 * 1024 * 1024
    state_messages_max: int = 1024
    state_bytes_max: int = 16 * 1024 * 1024
    history_messages_max: int = 8192
    history_bytes_max: int = 4 * 1024 * 1024
    batch_messages_max: int = 256
    batch_bytes_max: int = 256 * 1024
    "A single larger message goes out alone."


@dataclass(slots=True)
class LaneCounts:
    """What happened on the lanes of one link since it stands."""

    sent_count: int = 0
    too_late_count: int = 0
    "Dropped because their `not_after_s` had passed."
    replaced_count: int = 0
    "State overtaken by newer state before it was sent."
    shed_state_count: int = 0
    shed_history_count: int = 0


@dataclass(slots=True)
class _Waiting:
    data: bytes
    not_after_s: float | None


def replaces(message: Message) -> tuple[str, str | int]:
    """Messages with the same key say the same thing again: only the newest is worth sending.

    A delta replaces one from the same base, because it says all that the older one said.
    """
    if isinstance(message, StateDelta):
        return ("StateDelta", message.base_version)
    if isinstance(message, DataPut | DataStored):
        return (type(message).__name__, message.interaction_id)
    return (type(message).__name__, "")


_PATIENT = StateAck | TransferOutcome | SiteRecord


def is_patient(message: Message) -> bool:
    """Whether nobody waits for this message: it tells what is past."""
    return isinstance(message, _PATIENT)


class Lanes:
    """The three lanes of one direction of one link. Holds bytes, ready to be sent."""

    def __init__(self, settings: LaneSettings) -> None:
        self.counts = LaneCounts()
        self._settings = settings
        self._decisions: deque[_Waiting] = deque()
        self._state: OrderedDict[tuple[str, str | int], _Waiting] = OrderedDict()
        self._history: deque[_Waiting] = deque()
        self._bytes = dict.fromkeys(Lane, 0)

    def __len__(self) -> int:
        return len(self._decisions) + len(self._state) + len(self._history)

    @property
    def is_batch_full(self) -> bool:
        """Whether waiting longer could not make the next batch larger."""
        enough = len(self) >= self._settings.batch_messages_max
        return enough or sum(self._bytes.values()) >= self._settings.batch_bytes_max

    def put(self, message: Message, data: bytes, not_after_s: float | None = None) -> bool:
        """Queue `data`, the bytes of `message`. False: a decision found no room."""
        lane = lane_of(message)
        waiting = _Waiting(data, not_after_s)
        if lane is Lane.STATE:
            self._put_state(message, waiting)
            return True
        if lane is Lane.HISTORY:
            self._put_history(waiting)
            return True
        settings = self._settings
        held_bytes = self._bytes[lane] + len(data)
        if len(self._decisions) >= settings.decision_messages_max:
            return False
        if held_bytes > settings.decision_bytes_max:
            return False
        self._decisions.append(waiting)
        self._bytes[lane] = held_bytes
        return True

    def _put_state(self, message: Message, waiting: _Waiting) -> None:
        if isinstance(message, StateSnapshot):
            self._forget_older_state()
        key = replaces(message)
        self.counts.replaced_count += self._drop_state(key)
        self._state[key] = waiting
        self._bytes[Lane.STATE] += len(waiting.data)
        while len(self._state) > 1 and self._state_is_over():
            self.counts.shed_state_count += self._drop_state(next(iter(self._state)))

    def _forget_older_state(self) -> None:
        """A snapshot says all that waiting deltas say."""
        for key in [k for k in self._state if k[0] == "StateDelta"]:
            self.counts.replaced_count += self._drop_state(key)

    def _drop_state(self, key: tuple[str, str | int]) -> int:
        dropped = self._state.pop(key, None)
        if dropped is None:
            return 0
        self._bytes[Lane.STATE] -= len(dropped.data)
        return 1

    def _state_is_over(self) -> bool:
        too_many = len(self._state) > self._settings.state_messages_max
        return too_many or self._bytes[Lane.STATE] > self._settings.state_bytes_max

    def _put_history(self, waiting: _Waiting) -> None:
        self._history.append(waiting)
        self._bytes[Lane.HISTORY] += len(waiting.data)
        while len(self._history) > 1 and self._history_is_over():
            self._bytes[Lane.HISTORY] -= len(self._history.popleft().data)
            self.counts.shed_history_count += 1

    def _history_is_over(self) -> bool:
        too_many = len(self._history) > self._settings.history_messages_max
        return too_many or self._bytes[Lane.HISTORY] > self._settings.history_bytes_max

    def take(self, now_s: float) -> list[bytes]:
        """The next batch: decisions, then state, then history; what is too late is dropped."""
        batch: list[bytes] = []
        room = self._settings.batch_bytes_max
        for lane in Lane:
            while len(batch) < self._settings.batch_messages_max:
                waiting = self._first(lane)
                if waiting is None:
                    break
                if batch and len(waiting.data) > room:
                    return batch
                self._pop_first(lane)
                if waiting.not_after_s is not None and now_s > waiting.not_after_s:
                    self.counts.too_late_count += 1
                    continue
                batch.append(waiting.data)
                room -= len(waiting.data)
        self.counts.sent_count += len(batch)
        return batch

    def _first(self, lane: Lane) -> _Waiting | None:
        if lane is Lane.STATE:
            return next(iter(self._state.values()), None)
        queue = self._decisions if lane is Lane.DECISION else self._history
        return queue[0] if queue else None

    def _pop_first(self, lane: Lane) -> None:
        if lane is Lane.STATE:
            waiting = self._state.popitem(last=False)[1]
        else:
            waiting = (self._decisions if lane is Lane.DECISION else self._history).popleft()
        self._bytes[lane] -= len(waiting.data)
