"""Who waits in a row, by rank, and who is ready for it, longest ready first.

Rule of this file: chains through the slots of calls and of agents' memberships; both are put in
from the end, where they belong as a rule. Runs as it is, and compiled.
"""

from __future__ import annotations

from simulator.compiled import networked_layout as n


def ranks_before(w: n.World, one: int, other: int) -> bool:
    """Is one call served before another?"""
    a, b = w.calls[one], w.calls[other]
    if a[n.C_PRIO] != b[n.C_PRIO]:
        return bool(a[n.C_PRIO] > b[n.C_PRIO])
    if a[n.C_RANK] != b[n.C_RANK]:
        return bool(a[n.C_RANK] < b[n.C_RANK])
    return bool(a[n.C_NUMBER] < b[n.C_NUMBER])


def put_in_line(w: n.World, call: int, row: int) -> None:
    """A call joins the line of a row, by rank."""
    calls, one = w.calls, w.rows[row]
    after = one[n.Q_TAIL]
    while after >= 0 and ranks_before(w, call, after):
        after = calls[after, n.C_PREV]
    if after >= 0:
        following = calls[after, n.C_NEXT]
        calls[after, n.C_NEXT] = call
    else:
        following = one[n.Q_HEAD]
        one[n.Q_HEAD] = call
    calls[call, n.C_PREV] = after
    calls[call, n.C_NEXT] = following
    if following >= 0:
        calls[following, n.C_PREV] = call
    else:
        one[n.Q_TAIL] = call


def take_from_line(w: n.World, call: int) -> None:
    """A call leaves the line of its row."""
    calls = w.calls
    one = w.rows[calls[call, n.C_ROW]]
    previous, following = calls[call, n.C_PREV], calls[call, n.C_NEXT]
    if previous >= 0:
        calls[previous, n.C_NEXT] = following
    else:
        one[n.Q_HEAD] = following
    if following >= 0:
        calls[following, n.C_PREV] = previous
    else:
        one[n.Q_TAIL] = previous


def first_in_line(w: n.World, row: int) -> int:
    """The call to be served next, or -1; those on their way elsewhere are passed over."""
    call = w.rows[row, n.Q_HEAD]
    while call >= 0 and w.calls[call, n.C_AT_SITE] == n.MOVING:
        call = w.calls[call, n.C_NEXT]
    best = int(call)
    if w.g[n.G_AGEING]:
        while call >= 0:
            if w.calls[call, n.C_AT_SITE] != n.MOVING and is_served_before(w, call, best):
                best = int(call)
            call = w.calls[call, n.C_NEXT]
    return best


def is_served_before(w: n.World, one: int, other: int) -> bool:
    """Is one call served before another, their priorities grown with waiting?"""
    if w.g[n.G_AGEING]:
        first, second = grown_of(w, one), grown_of(w, other)
        if first != second:
            return first > second
        a, b = w.calls[one], w.calls[other]
        if a[n.C_RANK] != b[n.C_RANK]:
            return bool(a[n.C_RANK] < b[n.C_RANK])
        return bool(a[n.C_NUMBER] < b[n.C_NUMBER])
    return ranks_before(w, one, other)


def grown_of(w: n.World, call: int) -> int:
    """A waiting call's priority, grown since the caller came."""
    one = w.calls[call]
    waited_s = (w.g[n.G_NOW] - one[n.C_ARRIVAL]) / n.US_PER_S
    return grown(w, one[n.C_SERVICE], one[n.C_PRIO], waited_s)


def grown(w: n.World, service: int, started: int, waited_s: float) -> int:
    """A priority after waiting so long, as `routing_policies.call_priority` grows it."""
    every_s, most = w.ageing[service, 0], int(w.ageing[service, 1])
    if every_s <= 0 or started >= most:
        return int(started)
    return int(min(most, started + int(max(0.0, waited_s) / every_s)))


def oldest(w: n.World, row: int) -> int:
    """Arrival of the oldest call in a row, -1 for none."""
    call = w.rows[row, n.Q_HEAD]
    if call < 0:
        return -1
    arrival = w.calls[call, n.C_ARRIVAL]
    if w.g[n.G_UNIFORM] == 0:
        while call >= 0:
            arrival = min(arrival, w.calls[call, n.C_ARRIVAL])
            call = w.calls[call, n.C_NEXT]
    return int(arrival)


def add_ready(w: n.World, agent: int) -> None:
    """An agent is ready, in every row of theirs."""
    staff, members = w.staff, w.members
    for slot in range(staff[agent, n.A_FIRST], staff[agent, n.A_LAST]):
        one = w.rows[members[slot, n.M_ROW]]
        after = one[n.Q_READY_TAIL]
        while after >= 0 and waits_longer(w, agent, members[after, n.M_AGENT]):
            after = members[after, n.M_PREV]
        if after >= 0:
            following = members[after, n.M_NEXT]
            members[after, n.M_NEXT] = slot
        else:
            following = one[n.Q_READY_HEAD]
            one[n.Q_READY_HEAD] = slot
        members[slot, n.M_PREV] = after
        members[slot, n.M_NEXT] = following
        if following >= 0:
            members[following, n.M_PREV] = slot
        else:
            one[n.Q_READY_TAIL] = slot


def waits_longer(w: n.World, one: int, other: int) -> bool:
    """Has one agent been ready longer than another?"""
    a, b = w.staff[one, n.A_SINCE], w.staff[other, n.A_SINCE]
    if a != b:
        return bool(a < b)
    return one < other


def remove_ready(w: n.World, agent: int) -> None:
    """An agent is ready no more."""
    members = w.members
    for slot in range(w.staff[agent, n.A_FIRST], w.staff[agent, n.A_LAST]):
        one = w.rows[members[slot, n.M_ROW]]
        previous, following = members[slot, n.M_PREV], members[slot, n.M_NEXT]
        if previous >= 0:
            members[previous, n.M_NEXT] = following
        else:
            one[n.Q_READY_HEAD] = following
        if following >= 0:
            members[following, n.M_PREV] = previous
        else:
            one[n.Q_READY_TAIL] = previous


def best_agent(w: n.World, row: int) -> int:
    """Who gets a call of this row now; -1 for nobody."""
    members = w.members
    slot = w.rows[row, n.Q_READY_HEAD]
    choice = w.rows[row, n.Q_CHOICE]
    if slot < 0 or choice == n.LONGEST:
        return int(members[slot, n.M_AGENT]) if slot >= 0 else -1
    best = slot
    if choice == n.MOST_SKILLED:
        while slot >= 0:
            if members[slot, n.M_LEVEL] > members[best, n.M_LEVEL]:
                best = slot
            slot = members[slot, n.M_NEXT]
        return int(members[best, n.M_AGENT])
    least = occupied_share(w, members[best, n.M_AGENT])
    while slot >= 0:
        share = occupied_share(w, members[slot, n.M_AGENT])
        if share < least:
            best, least = slot, share
        slot = members[slot, n.M_NEXT]
    return int(members[best, n.M_AGENT])


def occupied_share(w: n.World, agent: int) -> float:
    """Share of the time since signing in that a ready agent was held, rung or at work."""
    one = w.staff[agent]
    signed_in = w.g[n.G_NOW] - one[n.A_SIGNED_IN]
    if signed_in <= 0:
        return 0.0
    return float(one[n.A_OCCUPIED] / signed_in)


def best_call(w: n.World, agent: int) -> int:
    """The best-ranked call of all an agent's rows; -1 for none."""
    best = -1
    for slot in range(w.staff[agent, n.A_FIRST], w.staff[agent, n.A_LAST]):
        call = first_in_line(w, w.members[slot, n.M_ROW])
        if call >= 0 and (best < 0 or is_served_before(w, call, best)):
            best = call
    return best
