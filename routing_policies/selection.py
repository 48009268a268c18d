"""Ranks the queues a rule may choose from.

Rule of this file: a selection reads columns and returns candidates, best first, with a reason for
every row left out. Equal values are ordered by site, then queue, never by chance.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf

from routing_policies import columns as c
from routing_policies.estimates import expected_wait_s
from routing_policies.interim import Call, Candidate, Search
from routing_policies.model import QueueColumns

Selection = Callable[[Search], list[Candidate]]
"Candidates, best first; writes the reason of every row left out into `search.lost`."

NO_AGENT = "no agent to lend"
NO_PLACE = "no free place"
NO_STAFF = "nobody staffs the queue"


def longest_available(search: Search) -> list[Candidate]:
    """Rows with an agent to lend, the one ready for longest first. `value` is the boot-time instant
    since when; gain and adjustment do not apply, for nobody waits."""
    call, columns, lost = search.call, search.columns, search.lost
    lendable = columns.lendable_count
    ready_at = columns.queues[c.Q_LONGEST_READY_AT]
    found = []
    for row in search.rows:
        if lendable[row] > 0:
            found.append(Candidate(row, ready_at[row], row not in call.place_only))
        else:
            lost[row] = NO_AGENT
    return _in_order(found, columns)


def min_expected_delay(search: Search) -> list[Candidate]:
    """Rows whose expected wait, adjusted, is at least the minimum gain under the origin's own."""
    call, columns, lost = search.call, search.columns, search.lost
    here_s = origin_wait_s(call, columns)
    found = []
    for row in search.rows:
        idle = columns.lendable_count[row] > 0
        if not idle and columns.places_free_count[row] <= 0:
            lost[row] = NO_PLACE
            continue
        wait_s = search.adjust_s + (
            0.0 if idle else _wait_s(columns, row, int(columns.waiting_count[row]))
        )
        if wait_s == inf:
            lost[row] = NO_STAFF
        elif here_s - wait_s < search.min_gain_s:
            lost[row] = f"expected wait {wait_s:.0f} s gains too little on {here_s:.0f} s here"
        else:
            found.append(Candidate(row, wait_s, idle and row not in call.place_only))
    return _in_order(found, columns)


def origin_wait_s(call: Call, columns: QueueColumns) -> float:
    """Expected wait at home, where the call itself is among those waiting; infinite if unknown."""
    row = call.origin_row
    if row <= 0 or not columns.open[row]:
        return inf
    if columns.free_count[row] > 0:
        return 0.0
    return _wait_s(columns, row, int(columns.waiting_count[row]) - 1)


def _wait_s(columns: QueueColumns, row: int, ahead_count: int) -> float:
    return expected_wait_s(
        ahead_count, int(columns.queues[c.Q_STAFFED][row]), columns.queues[c.Q_AHT_S][row]
    )


def _in_order(found: list[Candidate], columns: QueueColumns) -> list[Candidate]:
    site, queue = columns.site, columns.queue
    found.sort(key=lambda one: (one.value, site[one.row], queue[one.row]))
    return found


SELECTIONS: dict[str, Selection] = {
    "longest_available": longest_available,
    "min_expected_delay": min_expected_delay,
}
