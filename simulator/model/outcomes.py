"""What became of each call and of each move, and how time was spent: the results of a run.

Rule of this file: data only, the same from both engines; measures are worked out from it elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simulator.model.network import NetworkModel


class Outcome(IntEnum):
    """How a try to call ended."""

    ANSWERED = 1
    "An agent talked with the caller."
    ABANDONED = 2
    "The caller gave up waiting (also on the way to another site)."
    BALKED = 3
    "The caller hung up at once, on hearing that no agent is ready."
    NO_CHANNEL = 4
    "Busy tone: the trunk group was full."
    NO_PLACE = 5
    "Busy tone: the queue was full."
    REJECTED = 6
    "A policy ended the call."
    NO_ANSWER = 7
    "The carrier dropped the call, which nobody had answered."
    SITE_LOST = 8
    "The site where the call entered, or stood, was lost."
    LOST = 9
    "Dropped though neither a policy nor a party ended it."
    UNFINISHED = 10
    "Stood when the run ended."
    CALLED_BACK = 11
    "An agent talked with the caller, whom a site had called back."
    NOT_REACHED = 12
    "Promised to be called back; no agent ever talked with the caller."
    TO_HANDLER = 13
    "A voicemail or the like took the caller."


class Callback(IntEnum):
    """What a try had to do with being called back."""

    NONE = 0
    OFFERED = 1
    "The telephone system offered it, and the caller waited on."
    WANTED = 2
    "The caller wished it, or a policy or site did; the site could not promise it."
    PROMISED = 3


class Method(IntEnum):
    """Transfer methods, as outcomes name them."""

    NONE = 0
    REDIRECT_302 = 1
    REFER = 2
    BRIDGE = 3


class MoveEnd(IntEnum):
    """How a move ended."""

    ARRIVED = 1
    PUT_BACK = 2
    CALLER_GONE = 3
    RETURNED = 4


OUTCOME_TYPE = np.dtype(
    [
        ("number", np.int64),  # of the calls table
        ("attempt", np.int32),  # 0, then 1 for the first redial
        ("outcome", np.int32),  # Outcome
        ("ingress", np.int32),
        ("entry_row", np.int32),  # row where it entered; -1 if it came into no queue
        ("row", np.int32),  # row where it ended
        ("agent", np.int32),  # number of the agent through all sites; -1 for none
        ("arrival_us", np.int64),  # of this attempt
        ("queued_us", np.int64),  # when it came into the queue of `row`
        ("wait_us", np.int64),  # from arrival to the agent's answer, or to the end without one
        ("talk_us", np.int64),  # as it was, with the factor of the site
        ("acw_us", np.int64),
        ("ended_us", np.int64),  # when the caller's call ended
        ("expected_us", np.int64),  # expected wait at home on entering; -1 if none was predicted
        ("moves", np.int32),  # that arrived
        ("method", np.int32),  # Method of the last move that arrived
        ("asked", np.int32),  # route requests
        ("refused", np.int32),  # reservations refused by targets
        ("rings", np.int32),  # rings that stayed without an answer
        ("held_us", np.int64),  # agents' time held for this call by reservations
        ("callback", np.int32),  # Callback
        ("calls_back", np.int32),  # how often the caller's telephone rang
    ]
)
MOVE_TYPE = np.dtype(
    [
        ("number", np.int64),
        ("attempt", np.int32),
        ("from_row", np.int32),
        ("to_row", np.int32),
        ("agent", np.int32),  # agent reserved, -1: a place
        ("method", np.int32),  # Method
        ("ended", np.int32),  # MoveEnd
        ("asked_us", np.int64),  # when the request was made
        ("began_us", np.int64),
        ("ended_us", np.int64),
    ]
)
AGENT_STATES = ("not_ready", "ready", "ringing", "held", "busy", "acw")
"Last axis of `Sums.agents_us`; `held`: reserved for a call of another site."
NOT_READY, READY, RINGING, HELD, BUSY, ACW = range(6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """Time spent, by interval of the model, in microseconds; times count where they pass."""

    agents_us: NDArray[np.int64]
    "[interval, site, AGENT_STATES]; signed-in agents only."
    waiting_us: NDArray[np.int64]
    "[interval, row]: calls waiting, times how long."
    waiting_most: NDArray[np.int64]
    "[interval, row]: most calls waiting at once."
    trunks_us: NDArray[np.int64]
    "[interval, trunk group]: channels in use, times how long."
    trunks_most: NDArray[np.int64]
    blocked: NDArray[np.int64]
    "[interval, trunk group]: calls and moves that met no free channel."

    @staticmethod
    def empty(model: NetworkModel) -> Sums:
        """All 0, for the whole run of a model, the time to drain included."""
        count = intervals_of(model)
        shapes = (
            (count, len(model.sites), len(AGENT_STATES)),
            (count, len(model.rows)),
            (count, len(model.rows)),
            (count, len(model.trunks)),
            (count, len(model.trunks)),
            (count, len(model.trunks)),
        )
        agents, waiting, waiting_most, trunks, trunks_most, blocked = (
            np.zeros(shape, dtype=np.int64) for shape in shapes
        )
        return Sums(
            agents_us=agents,
            waiting_us=waiting,
            waiting_most=waiting_most,
            trunks_us=trunks,
            trunks_most=trunks_most,
            blocked=blocked,
        )


def intervals_of(model: NetworkModel) -> int:
    """How many intervals a run can touch."""
    return -(-(model.duration_us + model.drain_us) // model.interval_us)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What ended between two instants of a run: tries and moves in the order of their ends."""

    outcomes: NDArray[Any]
    "OUTCOME_TYPE"
    moves: NDArray[Any]
    "MOVE_TYPE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """A whole run. Parts are joined; `sums` cover everything."""

    outcomes: NDArray[Any]
    moves: NDArray[Any]
    sums: Sums
    decisions_count: int = 0
    "Route requests decided."
    events_count: int = 0
    problems: tuple[str, ...] = ()
    "Broken invariants, told by the world engine."
