"""What is counted at one place in one interval, as whole numbers that can be joined.

Rule of this file: a column is joined with that of the next interval in one way: added, the largest
taken, or the first or last one kept. Nothing is divided here: figures are (`figures`).
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum


class Join(Enum):
    """How a column of two intervals becomes that of both."""

    SUM = "sum"
    MOST = "most"
    FIRST = "first"
    LAST = "last"


SUMS = (
    *("offered", "moved_in", "answered", "answered_in_time"),
    *("abandoned", "abandoned_short", "abandoned_in_time"),
    *("moved_out", "redirected", "failed", "refused", "no_answer", "callbacks", "unended"),
    *("blocked", "answer_wait_us", "abandon_wait_us", "wait_us"),
    *("handled", "handled_foreign", "passed_on", "talk_us", "hold_us", "acw_us", "ring_us"),
    *("rings_unanswered", "callbacks_reached", "callbacks_given_up"),
    *("signed_in_us", "not_ready_us", "reserved_us", "busy_us", "after_call_us"),
    *("trunk_seized", "trunk_used_us", "trunk_all_busy_us"),
    *("scheduled_us", "adhered_us", "contacts_judged", "contacts_repeated", "cost_micro"),
    *("ewt_count", "ewt_error_us", "ewt_size_us"),
)
MOST = ("wait_max_us", "trunk_used_most")
FIRST = ("waiting_first",)
"Who waited when the interval began."
LAST = ("waiting_last",)
"Who waited when it ended."
COLUMNS = (*SUMS, *MOST, *FIRST, *LAST)
AT = {name: index for index, name in enumerate(COLUMNS)}
JOINED = {
    **dict.fromkeys(SUMS, Join.SUM),
    **dict.fromkeys(MOST, Join.MOST),
    **dict.fromkeys(FIRST, Join.FIRST),
    **dict.fromkeys(LAST, Join.LAST),
}


class Tally:
    """Counts of one place in one interval."""

    __slots__ = ("values",)

    def __init__(self) -> None:
        self.values = [0] * len(COLUMNS)

    def __getitem__(self, name: str) -> int:
        return self.values[AT[name]]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Tally) and self.values == other.values

    __hash__ = None  # type: ignore[assignment]

    def add(self, name: str, count: int = 1) -> None:
        """Count more of it."""
        self.values[AT[name]] += count

    def most(self, name: str, value: int) -> None:
        """Keep the largest."""
        at = AT[name]
        self.values[at] = max(self.values[at], value)

    def told(self) -> dict[str, int]:
        """The counts by name."""
        return dict(zip(COLUMNS, self.values, strict=True))


def joined(tallies: Iterable[Tally]) -> Tally:
    """Intervals that follow one another as one; of nothing, zeros."""
    whole, is_first = Tally(), True
    for one in tallies:
        for index, (name, value) in enumerate(one.told().items()):
            how = JOINED[name]
            if how is Join.SUM:
                whole.values[index] += value
            elif how is Join.MOST:
                whole.values[index] = max(whole.values[index], value)
            elif how is Join.LAST or is_first:
                whole.values[index] = value
        is_first = False
    return whole
