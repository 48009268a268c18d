"""Waiting callers who are answered with music, and rings that stay without an answer.

Rule of this file: after the answer other ways are open, so NIRC may be asked at once, as
`site_agent.core.route_requests` does. Runs as it is, and compiled.
"""

from __future__ import annotations

from simulator.compiled import networked_layout as n
from simulator.compiled.networked_asking import answered_here
from simulator.compiled.networked_floor import answer_arrived, free_agent, seek, stop_ring
from simulator.compiled.networked_heap import push, push_of
from simulator.compiled.networked_lines import oldest
from simulator.compiled.networked_marks import mark_row


def time_music(w: n.World, call: int) -> None:
    """A caller who came into a row hears music after a while."""
    one = w.calls[call]
    after = w.rows[one[n.C_ROW], n.Q_ANSWER_AFTER]
    one[n.C_MUSIC_SEQ] = -1
    one[n.C_MUSIC_DUE] = 0
    if after < n.NEVER and one[n.C_STATE] != n.TALKING:
        one[n.C_MUSIC_SEQ] = push(w, w.g[n.G_NOW] + after, n.TIMERS, n.E_MUSIC, call, 0)


def music(w: n.World, call: int) -> None:
    """The caller is answered, if it is time and nobody is rung for them."""
    one = w.calls[call]
    if one[n.C_MUSIC_DUE] == 0 or one[n.C_ANSWERED] or one[n.C_STATE] != n.LINE:
        return
    if one[n.C_AT_SITE] == n.MOVING:
        return
    one[n.C_CARRIER_SEQ] = -1
    if one[n.C_FOREIGN]:
        answer_arrived(w, call)
        return
    answered_here(w, call)


def music_due(w: n.World, call: int) -> None:
    """The time before the music is over."""
    w.calls[call, n.C_MUSIC_DUE] = 1
    music(w, call)


def ring_back(w: n.World, call: int, agent: int) -> None:
    """A ring stayed without an answer. Where the line stands as before, as when the agent is rung
    again for the same call, there is nothing to tell of it."""
    one, staff = w.calls[call], w.staff[agent]
    row = one[n.C_ROW]
    count, since = w.rows[row, n.Q_WAITING], oldest(w, row)
    one[n.C_RINGS] += 1
    stop_ring(w, call)
    staff[n.A_PAUSED] = staff[n.A_PAUSE] > 0
    if staff[n.A_PAUSED]:
        at = w.g[n.G_NOW] + staff[n.A_PAUSE]
        push_of(w, at, n.END_OF_WORK, -1, agent, n.E_PAUSE_END, agent, 0)
    w.g[n.G_HUSHED] = row + 1
    seek(w, call)
    free_agent(w, agent)
    w.g[n.G_HUSHED] = 0
    if w.rows[row, n.Q_WAITING] != count or oldest(w, row) != since:
        mark_row(w, row)
    music(w, call)
