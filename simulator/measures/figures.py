"""The figures of a run: what each means, in what unit, and which way is better.

Rule of this file: a figure is defined here and nowhere else; docs/measures.md tells the same at
more length, and a test compares the two. Words follow ITU-T E.600 (terms of traffic engineering)
and E.423 (measurements on traffic offered to operators); the three service levels are those of
every call-centre report: of 70 answered in time, 10 abandoned in time and 20 late, 77.8 % (ignore),
70 % (negative) and 80 % (positive).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from simulator.measures.share_intervals import SHARE, SHARE_DIFFERENCE, Bounds

Unit = Literal["calls", "share", "s", "agents", "agent_s", "channels", "moves", "requests", "rings"]
Better = Literal["higher", "lower", ""]
Counted = Literal["entry", "served", "moved", "time", "trunk"]
Figures = Mapping[str, float | None]
"Every figure by its name; None where nothing was measured."


@dataclass(frozen=True, slots=True)
class Figure:
    """One named number."""

    name: str
    title: str
    "As a person reads it, at the head of a column."
    unit: Unit
    "A share runs from 0 to 1 and is read as per cent."
    better: Better
    "Empty: neither way."
    counted: Counted
    """`entry`: at the row where the call entered, in the interval of its arrival; `served`: at the
    row whose agent answered, same interval; `moved`: at the row that a move leaves or reaches, in
    the interval in which it began; `time`: where and when the time passed; `trunk`: at the trunk
    group, in the interval of arrival or of the move's begin."""
    meaning: str

    @property
    def bounds(self) -> Bounds | None:
        """Between what it lies, whatever happens."""
        return SHARE if self.unit == "share" else None

    @property
    def difference_bounds(self) -> Bounds | None:
        """Between what a difference of two of it lies."""
        return SHARE_DIFFERENCE if self.unit == "share" else None


_ALL = (
    # How tries to call ended: these twelve add up to `offered`.
    Figure("offered", "Offered", "calls", "", "entry", "Tries to call; each redial is one."),
    Figure("answered", "Answered", "calls", "higher", "entry", "An agent answered."),
    Figure("abandoned", "Abandoned", "calls", "lower", "entry", "Gave up waiting."),
    Figure("balked", "Balked", "calls", "lower", "entry", "Hung up at once: nobody was ready."),
    Figure("blocked", "Blocked", "calls", "lower", "entry", "Busy tone: no channel or no place."),
    Figure("rejected", "Rejected", "calls", "lower", "entry", "A policy ended the call."),
    Figure("no_answer", "No answer", "calls", "lower", "entry", "Dropped by the carrier."),
    Figure("site_lost", "Lost with a site", "calls", "lower", "entry", "Met, was at a lost site."),
    Figure("lost", "Lost", "calls", "lower", "entry", "Dropped though nobody ended it."),
    Figure("unfinished", "Unfinished", "calls", "", "entry", "Stood when the run ended."),
    Figure(
        "callbacks_reached", "Called back", "calls", "higher", "entry",
        "An agent talked with the caller, who had been called back.",
    ),
    Figure(
        "callbacks_given_up", "Not reached", "calls", "lower", "entry",
        "Promised to be called back; no agent ever talked with the caller.",
    ),
    Figure("to_handler", "To a handler", "calls", "", "entry", "A voicemail took them."),
    Figure("entered", "Entered", "calls", "", "entry", "Came into a queue or balked, and ended."),
    # Callers, who may try more than once.
    Figure("callers", "Callers", "calls", "", "entry", "First tries."),
    Figure("redials", "Redials", "calls", "lower", "entry", "Tries after the first."),
    Figure(
        "callers_answered", "Callers answered", "share", "higher", "entry",
        "Answered or called back, over first tries: however often they had to try.",
    ),
    # Service.
    Figure(
        "service_level_ignore", "Service level, abandoned ignored", "share", "higher", "entry",
        "Answered in time, over entered less abandoned in time.",
    ),
    Figure(
        "service_level_negative", "Service level", "share", "higher", "entry",
        "Answered in time, over entered: who gives up counts against.",
    ),
    Figure(
        "service_level_positive", "Service level, abandoned in time as served", "share", "higher",
        "entry", "Answered or abandoned in time, over entered.",
    ),
    Figure("abandonment", "Abandonment", "share", "lower", "entry", "Abandoned, over entered."),
    Figure("blocking", "Blocking", "share", "lower", "entry", "Blocked, over offered."),
    Figure("asa_s", "Speed of answer", "s", "lower", "entry", "Mean wait of the answered."),
    Figure("abandon_mean_s", "Time to abandon", "s", "", "entry", "Mean wait of the abandoned."),
    Figure("wait_mean_s", "Wait, mean", "s", "lower", "entry", "Entered, less who balked."),
    Figure("wait_p50_s", "Wait, median", "s", "lower", "entry", "Half of them: at most this."),
    Figure("wait_p90_s", "Wait, 90 %", "s", "lower", "entry", "Nine of ten: at most this."),
    Figure("wait_p95_s", "Wait, 95 %", "s", "lower", "entry", "95 of 100: at most this."),
    Figure("wait_p99_s", "Wait, 99 %", "s", "lower", "entry", "99 of 100: at most this."),
    Figure("wait_max_s", "Wait, longest", "s", "lower", "entry", "The longest of them."),
    Figure(
        "ewt_error_mean_s", "Expected wait, mean error", "s", "", "entry",
        "Expected on entering less waited, of calls answered without a move.",
    ),
    Figure(
        "ewt_error_abs_s", "Expected wait, mean size of error", "s", "lower", "entry",
        "The same without its sign.",
    ),
    # Callers who are called back.
    Figure(
        "callbacks_offered", "Callbacks offered", "calls", "", "entry",
        "Offered to be called back, whether they took it or not.",
    ),
    Figure("callbacks_taken", "Callbacks taken", "calls", "", "entry", "Promised to be called."),
    Figure("callback_calls", "Calls back", "calls", "lower", "entry", "Telephones that rang."),
    Figure(
        "callback_wait_s", "Wait until called back", "s", "lower", "entry",
        "Mean, from arrival to an agent, of the called back.",
    ),
    # Work.
    Figure("handled", "Handled", "calls", "", "served", "Answered by agents of this place."),
    Figure(
        "handled_foreign", "Handled for others", "calls", "", "served",
        "Of these, calls that were moved here.",
    ),
    Figure("aht_s", "Handle time", "s", "lower", "served", "Mean talk and after-call work."),
    Figure("talk_s", "Talk time", "s", "lower", "served", "Mean talk."),
    Figure("acw_s", "After-call work", "s", "lower", "served", "Mean after-call work."),
    Figure("agents_mean", "Agents signed in", "agents", "lower", "time", "Mean number."),
    Figure(
        "occupancy", "Occupancy", "share", "", "time",
        "Busy, after-call work, held and ringing, over signed in less not ready.",
    ),
    Figure(
        "utilisation", "Utilisation", "share", "higher", "time",
        "Busy and after-call work, over signed in.",
    ),
    Figure("held_s", "Agents held", "agent_s", "lower", "time", "Time held by reservations."),
    Figure(
        "held_for_s", "Agents held for its calls", "agent_s", "lower", "entry",
        "Agents' time, anywhere, held for the calls that entered here.",
    ),
    Figure("ring_no_answer", "Rings without answer", "rings", "lower", "entry", "Taken back."),
    Figure("waiting_mean", "Waiting, mean", "calls", "lower", "time", "Calls waiting, over time."),
    Figure("waiting_most", "Waiting, most", "calls", "lower", "time", "At once, in one queue."),
    # Network.
    Figure("asked", "Route requests", "requests", "", "entry", "Questions to the network."),
    Figure("refused", "Refused", "requests", "lower", "entry", "Reservations targets refused."),
    Figure("moved_share", "Moved", "share", "", "entry", "Calls moved, over offered."),
    Figure("moves", "Moves out", "moves", "", "moved", "Moves that left here and arrived."),
    Figure("moved_in", "Moves in", "moves", "", "moved", "Moves that arrived here."),
    Figure("moves_back", "Moves back", "moves", "lower", "moved", "Put back or returned."),
    Figure(
        "moves_caller_gone", "Moves, caller gone", "moves", "lower", "moved",
        "The caller gave up on the way.",
    ),
    Figure("move_mean_s", "Move time", "s", "lower", "moved", "Mean, of moves that arrived."),
    # Trunks.
    Figure("trunk_offered", "Offered to trunks", "calls", "", "trunk", "Calls and moves."),
    Figure("trunk_blocked", "Blocked at trunks", "calls", "lower", "trunk", "Met no free channel."),
    Figure("trunk_blocking", "Trunk blocking", "share", "lower", "trunk", "Blocked, over offered."),
    Figure("trunk_used_mean", "Channels used, mean", "channels", "", "trunk", "Erlangs carried."),
    Figure("trunk_used_most", "Channels used, most", "channels", "", "trunk", "At once, in one."),
    Figure(
        "trunk_occupancy", "Trunk occupancy", "share", "", "trunk",
        "Mean channels used, over channels there.",
    ),
)  # fmt: skip
FIGURES: dict[str, Figure] = {figure.name: figure for figure in _ALL}
"All figures by name, in the order of reports."
ENDS = (
    "answered", "abandoned", "balked", "blocked", "rejected", "no_answer", "site_lost", "lost",
    "unfinished", "callbacks_reached", "callbacks_given_up", "to_handler",
)  # fmt: skip
"Every try ends as one of these: together they are `offered`."
HEADLINE = (
    "offered", "answered", "service_level_negative", "abandonment", "asa_s", "wait_p95_s",
    "occupancy", "moved_share", "blocking", "ewt_error_abs_s",
)  # fmt: skip
"What a person wants first."


def share_of(part: float, whole: float) -> float | None:
    """A share, or None of nothing."""
    return part / whole if whole > 0 else None
