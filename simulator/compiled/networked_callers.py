"""Callers: they dial, are let in or not, lose patience, talk to the end.

Rule of this file: what a trunk group and a row say to a new caller, and how calls end by
themselves. Runs as it is, and compiled.
"""

from __future__ import annotations

from simulator.compiled import networked_layout as n
from simulator.compiled.networked_asking import offered
from simulator.compiled.networked_endings import end_call, leave_site
from simulator.compiled.networked_floor import (
    after_call,
    free_agent,
    give,
    leave_line,
    stop_ring,
    use_channels,
    wait,
)
from simulator.compiled.networked_heap import push_of, take_call
from simulator.compiled.networked_homes import end_homes, oldest_first
from simulator.compiled.networked_lines import best_agent
from simulator.compiled.networked_moves import gives_up_on_way, time_carrier
from simulator.compiled.networked_music import time_music
from simulator.compiled.networked_sums import count_blocked
from simulator.model.outcomes import Outcome

ANSWERED = int(Outcome.ANSWERED)
ABANDONED = int(Outcome.ABANDONED)
BALKED = int(Outcome.BALKED)
NO_CHANNEL = int(Outcome.NO_CHANNEL)
NO_PLACE = int(Outcome.NO_PLACE)
NO_ANSWER = int(Outcome.NO_ANSWER)


def dial(w: n.World) -> None:
    """The next call of the part given."""
    i = w.g[n.G_NEXT_CALL]
    w.g[n.G_NEXT_CALL] = i + 1
    w.g[n.G_STANDING] += 1
    given = w.given[i]
    call = take_call(w)
    one = w.calls[call]
    ingress = given[n.I_INGRESS]
    one[n.C_NUMBER] = given[n.I_NUMBER]
    one[n.C_ARRIVAL] = given[n.I_ARRIVAL]
    one[n.C_INGRESS] = ingress
    one[n.C_SERVICE] = w.ingresses[ingress, n.N_SERVICE]
    one[n.C_PRIO] = given[n.I_PRIORITY] + w.ingresses[ingress, n.N_PRIORITY]
    one[n.C_OWN_PRIO] = one[n.C_PRIO]
    one[n.C_AHEAD] = given[n.I_AHEAD]
    one[n.C_PATIENCE] = given[n.I_PATIENCE]
    one[n.C_BALKS] = given[n.I_BALKS]
    one[n.C_TALK] = given[n.I_TALK]
    one[n.C_ACW] = given[n.I_ACW]
    one[n.C_REDIALS] = given[n.I_REDIALS]
    one[n.C_REDIAL_AFTER] = given[n.I_REDIAL_AFTER]
    w.call_times[call, n.CF_LUCK] = w.given_luck[i]
    for attempt in range(n.SHARES_MAX):
        w.call_times[call, n.CF_SHARE1 + attempt] = w.given_share[i, attempt]
    reach(w, call)


def reach(w: n.World, call: int) -> None:
    """A try is dialed: it reaches its site at once, or after the trunk group's time."""
    one = w.calls[call]
    one[n.C_ENTRY_ROW] = -1
    one[n.C_ROW] = -1
    one[n.C_AGENT] = -1
    one[n.C_QUEUED] = -1
    one[n.C_EXPECTED] = -1
    one[n.C_GONE_SEQ] = -1
    one[n.C_CARRIER_SEQ] = -1
    one[n.C_ASK_SEQ] = -1
    one[n.C_REQUEST] = -1
    one[n.C_GOING] = -1
    one[n.C_HOME] = -1
    one[n.C_LOOK] = -1
    one[n.C_CHANNELS] = 1
    one[n.C_STATE] = n.NOT_HERE
    one[n.C_RANK] = one[n.C_ARRIVAL] - one[n.C_AHEAD]
    w.call_times[call, n.CF_PRODUCT] = 1.0
    after = w.trunks[w.ingresses[one[n.C_INGRESS], n.N_TRUNK], n.T_SET_UP]
    if after <= 0:
        enter(w, call)
        return
    time_patience(w, call)
    at = w.g[n.G_NOW] + after
    number = one[n.C_NUMBER]
    one[n.C_WORK_SEQ] = push_of(w, at, n.CALLS_COME, number, -1, n.E_OFFER, call, 0)


def enter(w: n.World, call: int) -> None:
    """A try reaches its site: let in, or told that it is busy."""
    one = w.calls[call]
    entry = w.ingresses[one[n.C_INGRESS]]
    row, trunk = entry[n.N_ROW], entry[n.N_TRUNK]
    if w.trunks[trunk, n.T_USED] >= w.trunks[trunk, n.T_MAX]:
        count_blocked(w, trunk)
        end_call(w, call, NO_CHANNEL)
        return
    agent = best_agent(w, row) if row >= 0 else -1
    if row < 0 or (agent < 0 and is_full(w, row)):
        end_call(w, call, NO_PLACE)
    elif agent < 0 and one[n.C_BALKS]:
        end_call(w, call, BALKED)
    else:
        let_in(w, call, row, trunk, agent)


def is_full(w: n.World, row: int) -> bool:
    """Are all places taken or held?"""
    one = w.rows[row]
    return bool(one[n.Q_WAITING] + one[n.Q_PLACES_HELD] >= one[n.Q_PLACES_MAX])


def let_in(w: n.World, call: int, row: int, trunk: int, agent: int) -> None:
    """A call enters a row: an agent takes it, or it waits."""
    one = w.calls[call]
    one[n.C_ENTRY_ROW] = row
    one[n.C_ROW] = row
    one[n.C_TRUNK] = trunk
    one[n.C_QUEUED] = w.g[n.G_NOW]
    use_channels(w, trunk, 1)
    if agent >= 0:
        ringing = rings(w, call, agent)
        if ringing:
            time_patience(w, call)
            time_carrier(w, call)
        offered(w, call, True, ringing)
        give(w, call, agent)
        time_music(w, call)
        return
    time_patience(w, call)
    time_carrier(w, call)
    offered(w, call, False, False)
    wait(w, call)
    time_music(w, call)


def rings(w: n.World, call: int, agent: int) -> bool:
    """Would the agent ring before they answer, or not answer at all?"""
    times = w.call_times[call]
    product = times[n.CF_PRODUCT] * w.staff_times[agent, n.AF_SHARE]
    return bool(w.staff[agent, n.A_RING] > 0 or times[n.CF_LUCK] < product)


def time_patience(w: n.World, call: int) -> None:
    """The caller gives up if nobody answers."""
    one = w.calls[call]
    if one[n.C_PATIENCE] < n.NEVER and one[n.C_GONE_SEQ] < 0:
        at = one[n.C_ARRIVAL] + one[n.C_PATIENCE]
        one[n.C_GONE_SEQ] = push_of(
            w, at, n.ABANDONMENT, one[n.C_NUMBER], -1, n.E_PATIENCE, call, 0
        )


def gives_up(w: n.World, call: int, outcome: int) -> None:
    """A caller whom no agent has answered is gone."""
    one = w.calls[call]
    one[n.C_GONE_SEQ] = -1
    one[n.C_CARRIER_SEQ] = -1
    if one[n.C_GOING] >= 0:
        gives_up_on_way(w, call)
    if one[n.C_ROW] < 0 or one[n.C_STATE] == n.ON_WAY:
        end_call(w, call, outcome)  # at no site now
        return
    homes = one[n.C_HOME]
    agent = stop_ring(w, call)
    leave_line(w, call)
    w.rows[one[n.C_ROW], n.Q_ABANDONED] += 1
    leave_site(w, call, True)
    use_channels(w, one[n.C_TRUNK], -one[n.C_CHANNELS])
    end_call(w, call, outcome)
    if agent >= 0:
        free_agent(w, agent)
    end_homes(w, homes)


def talk_end(w: n.World, call: int, agent: int) -> None:
    """A talk is over."""
    one = w.calls[call]
    number, worked, homes = one[n.C_NUMBER], one[n.C_WORKED], one[n.C_HOME]
    leave_site(w, call, False)
    use_channels(w, one[n.C_TRUNK], -one[n.C_CHANNELS])
    end_call(w, call, ANSWERED)
    after_call(w, agent, number, worked)
    oldest_first(w, homes)
