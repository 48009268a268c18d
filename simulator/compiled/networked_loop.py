"""The loop: happenings in their order, each handed to the part that it concerns.

Rule of this file: it dispatches, and stops where more room is needed, before a happening and never
within one. Runs as it is, and compiled.
"""

from __future__ import annotations

from simulator.compiled import networked_layout as n
from simulator.compiled.networked_arrivals import arrives, cancelled, never
from simulator.compiled.networked_asking import answered, ask_due, deadline_passed
from simulator.compiled.networked_callers import dial, enter, gives_up, reach, talk_end
from simulator.compiled.networked_channels import SWEEP_US, home_swept
from simulator.compiled.networked_endings import end_all
from simulator.compiled.networked_figures import forget_due
from simulator.compiled.networked_floor import (
    connect,
    free_agent,
    pause_end,
    plan_shift,
    set_state,
    shift,
)
from simulator.compiled.networked_heap import drop_top, push
from simulator.compiled.networked_holds import expired, released, reserve
from simulator.compiled.networked_homes import end_home, told_arrived
from simulator.compiled.networked_match import asked_about, ends, reported, sweep_queue
from simulator.compiled.networked_match_notes import answer_heard, outcome
from simulator.compiled.networked_moves import late
from simulator.compiled.networked_music import music_due, ring_back
from simulator.compiled.networked_reports import (
    WHOLE,
    acknowledged,
    again,
    arrived,
    flush,
    look,
    send,
    snapshot,
)
from simulator.compiled.networked_requests import (
    dropped,
    granted,
    refused,
    requested,
    settled,
    swept,
    timer,
)
from simulator.compiled.networked_sums import pass_to
from simulator.compiled.networked_tickets import ticket_numbers
from simulator.model.outcomes import Outcome

ROOM = 256
"Lines of each table that one happening may need at most."
CALL_KEY = n.CALLS_COME << 58
ABANDONED = int(Outcome.ABANDONED)
NO_ANSWER = int(Outcome.NO_ANSWER)


def begin(w: n.World) -> None:
    """Before the first happening the node knows every site as it is; then time runs."""
    for agent in range(w.g[n.G_AGENTS]):
        if w.staff[agent, n.A_ON]:
            set_state(w, agent, n.READY)
    for site in range(w.g[n.G_SITES]):
        look(w, site)
        w.sites[site, n.S_BASE] = w.sites[site, n.S_VERSION]
        send(w, site, n.START, WHOLE)
        arrived(w, site)
        acknowledged(w, site, w.sites[site, n.S_VERSION])
        w.sites[site, n.S_ACKS] = 0
        w.sites[site, n.S_TIMED] = 0
    w.g[n.G_HEAP] = 0
    if w.g[n.G_QUEUED]:
        push(w, SWEEP_US, n.TIMERS, n.E_ROUND, 0, 0)
    for agent in range(w.g[n.G_AGENTS]):
        plan_shift(w, agent)
    for site in range(w.g[n.G_SITES]):
        push(w, 2 * n.US_PER_S, n.TIMERS, n.E_AGAIN, site, 0)
        push(w, 300 * n.US_PER_S, n.TIMERS, n.E_SNAPSHOT, site, 0)


def run(w: n.World, until: int, last: int, decide: n.Decide) -> int:
    """Happenings before an instant; with `last`, only until all calls have ended."""
    g, heap = w.g, w.heap
    while True:
        if last and g[n.G_STANDING] == 0:
            return n.DONE
        wants = room(w)
        if wants != n.DONE:
            return wants
        at = heap[0, n.H_AT] if g[n.G_HEAP] > 0 else n.NEVER
        if call_is_next(w, at):
            i = g[n.G_NEXT_CALL]
            if w.given[i, n.I_ARRIVAL] >= until:
                break
            g[n.G_NOW] = w.given[i, n.I_ARRIVAL]
            dial(w)
        else:
            if at >= until:
                break
            g[n.G_NOW] = at
            kind, x, y, seq = heap[0, n.H_TYPE], heap[0, n.H_X], heap[0, n.H_Y], heap[0, n.H_SEQ]
            drop_top(w)
            if kind == n.E_REQUEST:
                asked_about(w, x)
                requested(w, x, decide)
            elif kind == n.E_REPORT:
                if arrived(w, x) and g[n.G_QUEUED]:
                    reported(w, x, decide)
            elif kind == n.E_ROUND:
                sweep_queue(w, decide)
            else:
                happens(w, kind, x, y, seq)
        g[n.G_EVENTS] += 1
        if g[n.G_OVER_ROW] >= 0:
            return n.OVERLOADED
    g[n.G_NOW] = max(g[n.G_NOW], until)
    return n.DONE


def call_is_next(w: n.World, at: int) -> bool:
    """Is a call of the part given next, before the top of the heap?"""
    g = w.g
    i = g[n.G_NEXT_CALL]
    if i >= g[n.G_CALLS]:
        return False
    arrival = w.given[i, n.I_ARRIVAL]
    if arrival != at:
        return bool(arrival < at)
    return bool(CALL_KEY + ((w.given[i, n.I_NUMBER] + 1) << 22) < w.heap[0, n.H_KEY])


def room(w: n.World) -> int:
    """What there is too little of for one more happening."""
    g = w.g
    if g[n.G_HEAP] + ROOM > w.heap.shape[0]:
        return n.MORE_HEAP
    if g[n.G_LEFT_C] < 2:
        return n.MORE_CALLS
    if g[n.G_LEFT_R] < g[n.G_SPARE]:
        return n.MORE_REQUESTS
    if g[n.G_LEFT_D] < g[n.G_SPARE]:
        return n.MORE_DEALS
    if g[n.G_LEFT_K] < 2 or g[n.G_LEFT_P] < 2:
        return n.MORE_TICKETS
    if g[n.G_OUTCOMES] + 4 > w.outcomes.shape[0] or g[n.G_MOVES] + 4 > w.moves.shape[0]:
        return n.DRAIN
    if g[n.G_HEAP] > 0 and w.heap[0, n.H_TYPE] in (n.E_FLUSH, n.E_AGAIN, n.E_SNAPSHOT):
        one = w.sites[w.heap[0, n.H_X]]
        if one[n.S_HEAD] - one[n.S_TAIL] + report_most(w, w.heap[0, n.H_X]) > w.reports.shape[1]:
            return n.MORE_REPORTS
    return n.DONE


def report_most(w: n.World, site: int) -> int:
    """Most numbers that a report of a site can have now."""
    one = w.sites[site]
    count = one[n.S_REPORT_MOST] + one[n.S_TICKETS] * ticket_numbers()
    deal = one[n.S_PENDING]
    while deal >= 0:
        count += 2
        deal = w.deals[deal, n.D_NEXT_PENDING]
    return int(count)


def happens(w: n.World, kind: int, x: int, y: int, seq: int) -> None:
    """One happening."""
    if kind <= n.E_CARRIER:
        at_site(w, kind, x, y, seq)
    elif kind == n.E_ACK:
        acknowledged(w, x, y)
    elif kind <= n.E_ARRIVAL or kind >= n.E_TOLD:
        message(w, kind, x, y)
    elif kind == n.E_AGAIN_CALL:
        reach(w, x)
    elif kind == n.E_OFFER:
        if w.calls[x, n.C_WORK_SEQ] == seq:
            enter(w, x)
    else:
        timer_fires(w, kind, x, seq)


def at_site(w: n.World, kind: int, x: int, y: int, seq: int) -> None:
    """An end of work, or a caller who is gone."""
    if kind == n.E_TALK_END:
        talk_end(w, x, y)
    elif kind == n.E_ACW_END:
        free_agent(w, x)
    elif kind == n.E_RING_END:
        if w.calls[x, n.C_WORK_SEQ] == seq:
            connect(w, x, y)
    elif kind == n.E_RING_BACK:
        if w.calls[x, n.C_WORK_SEQ] == seq:
            ring_back(w, x, y)
    elif kind == n.E_PAUSE_END:
        pause_end(w, x)
    elif kind == n.E_SHIFT:
        shift(w, x)
    elif kind == n.E_PATIENCE:
        if w.calls[x, n.C_GONE_SEQ] == seq:
            gives_up(w, x, ABANDONED)
    elif w.calls[x, n.C_CARRIER_SEQ] == seq:
        gives_up(w, x, NO_ANSWER)


def message(w: n.World, kind: int, x: int, y: int) -> None:
    """A message reaches its end."""
    if kind == n.E_DROP:
        dropped(w, x)
    elif kind == n.E_RESERVE:
        reserve(w, x)
    elif kind == n.E_RELEASE:
        released(w, x)
    elif kind == n.E_GRANT:
        granted(w, x)
    elif kind == n.E_REFUSE:
        refused(w, x)
    elif kind == n.E_ANSWER:
        answered(w, x)
    elif kind == n.E_CANCEL:
        cancelled(w, x, y)
    elif kind == n.E_ARRIVAL:
        arrives(w, x)
    elif kind == n.E_TOLD:
        told_arrived(w, x, y)
    elif kind == n.E_NEVER:
        never(w, x, y)
    elif kind == n.E_END_ENTRY:
        ends(w, x)
    elif kind == n.E_HEARD:
        answer_heard(w, x)
    elif kind == n.E_OUTCOME:
        outcome(w, x, y)
    else:
        settled(w, x)


def timer_fires(w: n.World, kind: int, x: int, seq: int) -> None:
    """A timer of a core."""
    if kind == n.E_FLUSH:
        flush(w, x)
    elif kind == n.E_AGAIN:
        again(w, x)
    elif kind == n.E_SNAPSHOT:
        snapshot(w, x)
    elif kind == n.E_FIGURES:
        forget_due(w, x)
    elif kind == n.E_ASK:
        if w.calls[x, n.C_ASK_SEQ] == seq:
            ask_due(w, x)
    elif kind == n.E_MUSIC:
        if w.calls[x, n.C_MUSIC_SEQ] == seq:
            music_due(w, x)
    elif kind == n.E_DEADLINE:
        deadline_passed(w, x, seq)
    elif kind == n.E_NODE_TIMER:
        timer(w, x, seq)
    elif kind == n.E_EXPIRY:
        expired(w, x)
    elif kind == n.E_HOME_SWEEP:
        home_swept(w, x)
    elif kind == n.E_LATE:
        late(w, x)
    elif kind == n.E_LET_GO:
        if w.calls[x, n.C_WORK_SEQ] == seq:
            end_home(w, x, False)
    else:
        swept(w, x)


def finish_all(w: n.World) -> None:
    """The run is over."""
    end_all(w)


def spend_all(w: n.World) -> None:
    """Count all time until now."""
    pass_to(w, w.g[n.G_NOW])
