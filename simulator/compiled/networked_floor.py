"""Agents and calls at one site: who rings, who talks, who is free, and what the daemon notes of it.

Rule of this file: a happening changes the floor and what the daemon knows of it at once; nothing of
the daemon's that decides reads what is between. Runs as it is, and compiled.
"""

from __future__ import annotations

from simulator.compiled import networked_layout as n
from simulator.compiled.networked_figures import wait_connected
from simulator.compiled.networked_heap import now_s, push_of
from simulator.compiled.networked_lines import (
    add_ready,
    best_agent,
    best_call,
    put_in_line,
    remove_ready,
    take_from_line,
)
from simulator.compiled.networked_marks import mark_agent, mark_call, mark_row, mark_trunk
from simulator.compiled.networked_sums import count_channels, count_waiting, spend_agent
from simulator.compiled.networked_tickets import end_entry
from simulator.model.outcomes import Method

BY_302 = int(Method.REDIRECT_302)
BY_BRIDGE = int(Method.BRIDGE)
ARRIVED_FIRST_US = 500_000


def shown_of(state: int) -> int:
    """What the daemon is told of a state."""
    if state == n.OFF:
        return n.SHOWN_NULL
    if state == n.NOT_READY:
        return n.SHOWN_NOT_READY
    if state == n.READY:
        return n.SHOWN_READY
    if state in (n.RINGING, n.HELD):
        return n.SHOWN_RESERVED
    return n.SHOWN_BUSY if state == n.BUSY else n.SHOWN_ACW


def set_state(w: n.World, agent: int, state: int) -> None:
    """What an agent does from now on; the daemon notes it."""
    one, now = w.staff[agent], w.g[n.G_NOW]
    was = one[n.A_STATE]
    if was == state:
        return
    if was == n.READY:
        remove_ready(w, agent)
    spend_agent(w, agent, now)
    if was in (n.RINGING, n.HELD, n.BUSY, n.ACW):
        one[n.A_OCCUPIED] += now - one[n.A_SINCE]
    one[n.A_STATE] = state
    one[n.A_SINCE] = now
    if state == n.READY:
        add_ready(w, agent)
    tell_agent(w, agent)


def tell_agent(w: n.World, agent: int) -> None:
    """The daemon is told of an agent, if what they are shown as changed."""
    one, times, now = w.staff[agent], w.staff_times[agent], w.g[n.G_NOW]
    was, shown = one[n.A_SHOWN], shown_of(one[n.A_STATE])
    if was == shown:
        return
    lasted_s = now_s(now) - now_s(one[n.A_SHOWN_SINCE])
    if n.SHOWN_NULL in (was, shown):
        times[n.AF_READY] = 0.0
        times[n.AF_OCCUPIED] = 0.0
        one[n.A_PERIODS] = 0
        one[n.A_CALLS] = 0
    elif was == n.SHOWN_READY:
        times[n.AF_READY] += lasted_s
        one[n.A_PERIODS] += 1
    elif was != n.SHOWN_NOT_READY:
        times[n.AF_OCCUPIED] += lasted_s
    one[n.A_SHOWN] = shown
    one[n.A_SHOWN_SINCE] = now
    mark_agent(w, agent)
    for slot in range(one[n.A_FIRST], one[n.A_LAST]):
        row = w.members[slot, n.M_ROW]
        w.rows[row, n.Q_NULL + was] -= 1
        w.rows[row, n.Q_NULL + shown] += 1
        mark_row(w, row)


def free_agent(w: n.World, agent: int) -> None:
    """An agent has nothing to do: their next call, or ready, or away."""
    one = w.staff[agent]
    one[n.A_CALL] = -1
    if one[n.A_ON] == 0 or one[n.A_PAUSED]:
        set_state(w, agent, n.NOT_READY if one[n.A_ON] else n.OFF)
        return
    call = best_call(w, agent)
    if call >= 0:
        give(w, call, agent)
    else:
        set_state(w, agent, n.READY)


def use_channels(w: n.World, trunk: int, step: int) -> None:
    """Channels of a trunk group are taken or given back."""
    count_channels(w, trunk, step)
    mark_trunk(w, trunk)


def wait(w: n.World, call: int) -> None:
    """A call waits in its row."""
    row = w.calls[call, n.C_ROW]
    w.calls[call, n.C_STATE] = n.LINE
    put_in_line(w, call, row)
    count_waiting(w, row, 1)
    mark_line(w, row)


def leave_line(w: n.World, call: int) -> None:
    """A call waits in its row no more."""
    if w.calls[call, n.C_STATE] == n.LINE:
        row = w.calls[call, n.C_ROW]
        take_from_line(w, call)
        w.calls[call, n.C_STATE] = n.NOT_HERE
        count_waiting(w, row, -1)
        mark_line(w, row)


def mark_line(w: n.World, row: int) -> None:
    """Another call waits in a row, or one fewer."""
    if w.g[n.G_HUSHED] != row + 1:
        mark_row(w, row)


def seek(w: n.World, call: int) -> None:
    """A call looks for a ready agent; without one it waits."""
    agent = best_agent(w, w.calls[call, n.C_ROW])
    if agent >= 0:
        give(w, call, agent)
    elif w.calls[call, n.C_STATE] != n.LINE:
        wait(w, call)


def give(w: n.World, call: int, agent: int) -> None:
    """Ring an agent with a call, or connect them at once."""
    leave_line(w, call)
    one, chance, staff = w.calls[call], w.call_times[call], w.staff[agent]
    one[n.C_AGENT] = agent
    staff[n.A_CALL] = call
    chance[n.CF_PRODUCT] *= w.staff_times[agent, n.AF_SHARE]
    unanswered = chance[n.CF_LUCK] < chance[n.CF_PRODUCT]
    if staff[n.A_RING] <= 0 and not unanswered:
        connect(w, call, agent)
        return
    one[n.C_STATE] = n.RINGING_CALL
    set_state(w, agent, n.RINGING)
    lasts = staff[n.A_NO_ANSWER] if unanswered else staff[n.A_RING]
    what = n.E_RING_BACK if unanswered else n.E_RING_END
    at = w.g[n.G_NOW] + lasts
    one[n.C_WORK_SEQ] = push_of(w, at, n.END_OF_WORK, one[n.C_NUMBER], agent, what, call, agent)


def connect(w: n.World, call: int, agent: int) -> None:
    """The agent talks with the caller from now on."""
    one, now = w.calls[call], w.g[n.G_NOW]
    row = one[n.C_ROW]
    one[n.C_STATE] = n.TALKING
    one[n.C_GONE_SEQ] = -1
    one[n.C_CARRIER_SEQ] = -1
    one[n.C_MUSIC_SEQ] = -1
    w.staff[agent, n.A_CALL] = call
    set_state(w, agent, n.BUSY)
    w.rows[row, n.Q_ANSWERED] += 1
    mark_row(w, row)
    answer_arrived(w, call)
    one[n.C_TALKED] = work_us(w, one, one[n.C_TALK])
    one[n.C_WORKED] = work_us(w, one, one[n.C_ACW])
    at = now + one[n.C_TALKED]
    one[n.C_WORK_SEQ] = push_of(
        w, at, n.END_OF_WORK, one[n.C_NUMBER], agent, n.E_TALK_END, call, agent
    )
    one[n.C_WAIT] = now - one[n.C_ARRIVAL]
    one[n.C_SPOKE] = 1
    note_connected(w, call, agent)


def answer_arrived(w: n.World, call: int) -> None:
    """The caller is answered; node and origin are told that the call has arrived, if anything still
    follows from that. A bridge is joined."""
    one = w.calls[call]
    if one[n.C_ANSWERED] == 0 and one[n.C_FOREIGN]:
        deal = one[n.C_DEAL]
        move = w.deals[deal]
        there = w.sites[move[n.D_TARGET], n.S_DELAY]
        if w.g[n.G_QUEUED]:
            tell_heard(w, deal, there)
        if move[n.D_METHOD] == BY_302:
            send_settled(w, deal, there)
        else:
            move[n.D_REFS] += 1
            push_of(w, w.g[n.G_NOW] + there, n.REPLIES, -1, -1, n.E_TOLD, deal, n.NEARER)
        if move[n.D_METHOD] == BY_BRIDGE:
            join(w, call, move[n.D_HOME])
    one[n.C_ANSWERED] = 1


def tell_heard(w: n.World, deal: int, there: int) -> None:
    """The word that a caller is answered at the target, repeated until the origin has noted it; of
    a network queue's leader it rests the row."""
    move = w.deals[deal]
    after, step, back = 0, ARRIVED_FIRST_US, 2 * w.sites[move[n.D_ORIGIN], n.S_DELAY]
    while after <= back:
        move[n.D_REFS] += 1
        at = w.g[n.G_NOW] + there + after
        push_of(w, at, n.REPLIES, -1, -1, n.E_HEARD, deal, 0)
        after += step
        step *= 2


def join(w: n.World, call: int, home: int) -> None:
    """A bridge's two legs become one call: the one at home stands until its end."""
    leave_line(w, home)
    w.calls[home, n.C_BRIDGED] = 1
    w.calls[call, n.C_CARRIER_SEQ] = -1


def send_settled(w: n.World, deal: int, after: int) -> None:
    """A word reaches the node from which it learns that a promise is used or void."""
    one = w.deals[deal]
    if one[n.D_PROMISE]:
        one[n.D_REFS] += 1
        push_of(w, w.g[n.G_NOW] + after, n.REPLIES, -1, -1, n.E_SETTLE, deal, 0)


def note_connected(w: n.World, call: int, agent: int) -> None:
    """The daemon notes that an agent talks with a caller: nothing is to be asked any more."""
    one = w.calls[call]
    wait_connected(w, call)
    w.staff[agent, n.A_CALLS] += 1
    mark_agent(w, agent)
    one[n.C_SINCE_PERSON] = 0
    one[n.C_AT_SITE] = n.CONNECTED
    mark_call(w, call, 0)
    withdraw(w, call)


def withdraw(w: n.World, call: int) -> None:
    """The call needs no answer any more; the node is told if it was asked."""
    one = w.calls[call]
    one[n.C_ASK_SEQ] = -1
    end_entry(w, call)
    request = one[n.C_REQUEST]
    if request < 0:
        return
    one[n.C_REQUEST] = -1
    send_drop(w, request)


def send_drop(w: n.World, request: int) -> None:
    """The site's side of a request ends; the node is told to drop it."""
    asked = w.requests[request]
    asked[n.R_OPEN_SITE] = 0
    asked[n.R_TIMER_SITE] = -1
    asked[n.R_REFS] += 1
    at = w.g[n.G_NOW] + w.sites[asked[n.R_SITE], n.S_DELAY]
    push_of(w, at, n.REPLIES, -1, -1, n.E_DROP, request, 0)


def work_us(w: n.World, one: n.Whole, us: int) -> int:
    """Talk or after-call work, longer for a caller from another site."""
    if one[n.C_FOREIGN]:
        factor = w.site_times[w.rows[one[n.C_ROW], n.Q_SITE], n.SF_FACTOR]
        return int(us * factor + 0.5)
    return int(us)


def stop_ring(w: n.World, call: int) -> int:
    """Take a ring back; the agent who was rung (not free yet), or -1."""
    one = w.calls[call]
    if one[n.C_STATE] != n.RINGING_CALL:
        return -1
    agent = one[n.C_AGENT]
    one[n.C_STATE] = n.NOT_HERE
    one[n.C_AGENT] = -1
    one[n.C_WORK_SEQ] = -1
    return int(agent)


# ---- time -----------------------------------------------------------------------------------


def pause_end(w: n.World, agent: int) -> None:
    """A pause is over."""
    w.staff[agent, n.A_PAUSED] = 0
    if w.staff[agent, n.A_STATE] == n.NOT_READY:
        free_agent(w, agent)


def after_call(w: n.World, agent: int, number: int, worked: int) -> None:
    """The agent's call is over: after-call work, then the next."""
    w.staff[agent, n.A_CALL] = -1
    if worked <= 0:
        free_agent(w, agent)
        return
    set_state(w, agent, n.ACW)
    at = w.g[n.G_NOW] + worked
    push_of(w, at, n.END_OF_WORK, number, agent, n.E_ACW_END, agent, 0)


def shift(w: n.World, agent: int) -> None:
    """A shift begins or ends; what the agent is at is finished first."""
    one, now = w.staff[agent], w.g[n.G_NOW]
    i = one[n.A_SHIFT]
    one[n.A_SHIFT] += 1
    if w.shifts[i, 1] == 1:
        one[n.A_ON] = 1
        one[n.A_SIGNED_IN] = now
        one[n.A_OCCUPIED] = 0
        if one[n.A_STATE] == n.OFF:
            free_agent(w, agent)
    else:
        one[n.A_ON] = 0
        if one[n.A_STATE] in (n.READY, n.NOT_READY):
            free_agent(w, agent)
    plan_shift(w, agent)


def plan_shift(w: n.World, agent: int) -> None:
    """The next change of an agent's shift."""
    one = w.staff[agent]
    if one[n.A_SHIFT] < one[n.A_SHIFTS_TO]:
        at = w.shifts[one[n.A_SHIFT], 0]
        push_of(w, at, n.END_OF_WORK, -1, agent, n.E_SHIFT, agent, 0)
