"""What will happen, the earliest first, and the slots that calls, requests and deals stand in.

Rule of this file: at equal instants the kind decides, then the call's number, then the agent's,
then the order in which a happening was made. Runs as it is, and compiled.
"""

from __future__ import annotations

from simulator.compiled import networked_layout as n


def now_s(us: int) -> float:
    """An instant as a core's clock shows it."""
    return n.START + us / n.US_PER_S


def us_of(w: n.World, at_s: float) -> int:
    """The microsecond at which a timer for an instant of a core's clock fires, at least now."""
    us = int((at_s - n.START) * n.US_PER_S + 0.5)
    return int(max(us, w.g[n.G_NOW]))


def us_in(seconds: float) -> int:
    """A time in microseconds."""
    return int(seconds * n.US_PER_S + 0.5)


def push(w: n.World, at: int, kind: int, what: int, x: int, y: int) -> int:
    """Let something happen that belongs to no call; its number, for who may forget it."""
    return push_of(w, at, kind, -1, -1, what, x, y)


def push_of(
    w: n.World, at: int, kind: int, call: int, agent: int, what: int, x: int, y: int
) -> int:
    """Let something happen to a call (its number) or an agent."""
    g, heap = w.g, w.heap
    seq = g[n.G_SEQ] + 1
    g[n.G_SEQ] = seq
    at = max(at, g[n.G_NOW])
    key = (kind << 58) + ((call + 1) << 22) + agent + 1
    i = g[n.G_HEAP]
    g[n.G_HEAP] = i + 1
    while i > 0:
        up = (i - 1) >> 2
        above = heap[up, n.H_AT]
        if above < at or (above == at and heap[up, n.H_KEY] <= key):
            break
        for j in range(n.H_WIDTH):
            heap[i, j] = heap[up, j]
        i = up
    heap[i, n.H_AT] = at
    heap[i, n.H_KEY] = key
    heap[i, n.H_SEQ] = seq
    heap[i, n.H_TYPE] = what
    heap[i, n.H_X] = x
    heap[i, n.H_Y] = y
    return int(seq)


def drop_top(w: n.World) -> None:
    """Take the earliest out."""
    g, heap = w.g, w.heap
    last = g[n.G_HEAP] - 1
    g[n.G_HEAP] = last
    if last <= 0:
        return
    i = 0
    while True:
        best = last
        for child in range(4 * i + 1, min(4 * i + 5, last)):
            if before(heap, child, best):
                best = child
        if best == last:
            break
        for j in range(n.H_WIDTH):
            heap[i, j] = heap[best, j]
        i = best
    for j in range(n.H_WIDTH):
        heap[i, j] = heap[last, j]


def before(heap: n.Whole, one: int, other: int) -> bool:
    """Does one line come before another?"""
    if heap[one, n.H_AT] != heap[other, n.H_AT]:
        return bool(heap[one, n.H_AT] < heap[other, n.H_AT])
    if heap[one, n.H_KEY] != heap[other, n.H_KEY]:
        return bool(heap[one, n.H_KEY] < heap[other, n.H_KEY])
    return bool(heap[one, n.H_SEQ] < heap[other, n.H_SEQ])


def take_call(w: n.World) -> int:
    """A free slot for a call, cleared."""
    g, calls = w.g, w.calls
    slot = g[n.G_FREE_C]
    g[n.G_FREE_C] = calls[slot, n.C_NEXT_FREE]
    g[n.G_LEFT_C] -= 1
    g[n.G_UID] += 1
    calls[slot, :] = 0
    w.call_times[slot, :] = 0.0
    calls[slot, n.C_UID] = g[n.G_UID]
    return int(slot)


def give_call(w: n.World, slot: int) -> None:
    """The slot is free again."""
    w.calls[slot, n.C_STATE] = n.FREE
    w.calls[slot, n.C_UID] = 0
    w.calls[slot, n.C_WORK_SEQ] = -1
    w.calls[slot, n.C_GONE_SEQ] = -1
    w.calls[slot, n.C_CARRIER_SEQ] = -1
    w.calls[slot, n.C_ASK_SEQ] = -1
    w.calls[slot, n.C_MUSIC_SEQ] = -1
    w.calls[slot, n.C_NEXT_FREE] = w.g[n.G_FREE_C]
    w.g[n.G_FREE_C] = slot
    w.g[n.G_LEFT_C] += 1


def take_request(w: n.World) -> int:
    """A free slot for a request, cleared."""
    g, requests = w.g, w.requests
    slot = g[n.G_FREE_R]
    g[n.G_FREE_R] = requests[slot, n.R_NEXT_FREE]
    g[n.G_LEFT_R] -= 1
    g[n.G_UID] += 1
    requests[slot, :] = 0
    requests[slot, n.R_UID] = g[n.G_UID]
    return int(slot)


def leave_request(w: n.World, slot: int) -> None:
    """One message fewer speaks of it: free once nobody does."""
    one = w.requests[slot]
    busy = one[n.R_REFS] != 0 or one[n.R_OPEN_SITE] != 0 or one[n.R_OPEN_NODE] != 0
    if not busy and one[n.R_UID] != 0:
        leave_ticket(w, one[n.R_TICKET])
        one[n.R_UID] = 0
        one[n.R_NEXT_FREE] = w.g[n.G_FREE_R]
        w.g[n.G_FREE_R] = slot
        w.g[n.G_LEFT_R] += 1


def take_deal(w: n.World) -> int:
    """A free slot for a reservation, cleared."""
    g, deals = w.g, w.deals
    slot = g[n.G_FREE_D]
    g[n.G_FREE_D] = deals[slot, n.D_NEXT_FREE]
    g[n.G_LEFT_D] -= 1
    g[n.G_UID] += 1
    deals[slot, :] = 0
    deals[slot, n.D_UID] = g[n.G_UID]
    return int(slot)


def leave_deal(w: n.World, slot: int) -> None:
    """One word fewer about it: free once nobody speaks of it and nothing is held."""
    one = w.deals[slot]
    hold = one[n.D_HOLD]
    busy = hold == n.LIVE or (hold == n.TAKEN and one[n.D_OVER] == 0)
    busy = busy or one[n.D_REFS] != 0 or one[n.D_PROMISE] != 0 or one[n.D_PENDING] != 0
    if not busy and one[n.D_MOVING] == 0 and one[n.D_UID] != 0:
        leave_ticket(w, one[n.D_TICKET])
        one[n.D_UID] = 0
        one[n.D_NEXT_FREE] = w.g[n.G_FREE_D]
        w.g[n.G_FREE_D] = slot
        w.g[n.G_LEFT_D] += 1


def take_ticket(w: n.World) -> int:
    """A free slot for an entry of the network queue, cleared."""
    g, tickets = w.g, w.tickets
    slot = g[n.G_FREE_K]
    g[n.G_FREE_K] = tickets[slot, n.K_NEXT_FREE]
    g[n.G_LEFT_K] -= 1
    g[n.G_UID] += 1
    tickets[slot, :] = 0
    w.ticket_times[slot, :] = 0.0
    tickets[slot, n.K_UID] = g[n.G_UID]
    return int(slot)


def hold_ticket(w: n.World, ticket: int) -> int:
    """One more speaks of an entry (0: of none); the entry."""
    w.tickets[ticket, n.K_REFS] += 1
    return int(ticket)


def leave_ticket(w: n.World, ticket: int) -> None:
    """One fewer speaks of an entry (0: of none): its slot is free once nobody does."""
    one = w.tickets[ticket]
    one[n.K_REFS] -= 1
    if ticket == 0 or one[n.K_REFS] > 0:
        return
    if one[n.K_PAUSED]:
        w.pauses[ticket, :] = 0.0
    one[n.K_UID] = 0
    w.sites[one[n.K_SITE], n.S_TICKETS] -= 1
    one[n.K_NEXT_FREE] = w.g[n.G_FREE_K]
    w.g[n.G_FREE_K] = ticket
    w.g[n.G_LEFT_K] += 1
