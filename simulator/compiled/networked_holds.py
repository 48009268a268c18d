"""What a site holds for calls of other sites: asked, granted by its own truth, let go.

Rule of this file: decides what `site_agent.core.target_holds` and `lending_rules` decide; an ACD
always grants what its daemon asks. Runs as it is, and compiled.
"""

from __future__ import annotations

from simulator.compiled import networked_layout as n
from simulator.compiled.networked_floor import free_agent, set_state
from simulator.compiled.networked_heap import leave_deal, now_s, push, us_of
from simulator.compiled.networked_marks import mark_deal, mark_row, mark_trunk

MOVES_SINCE_PERSON_MAX = 2
MOVES_MAX = 6


def reserve(w: n.World, deal: int) -> None:
    """The node asks for an agent or a place, and channels."""
    one, times = w.deals[deal], w.deal_times[deal]
    one[n.D_REFS] -= 1
    site = one[n.D_TARGET]
    one[n.D_REFS] += 1
    at = w.g[n.G_NOW] + w.sites[site, n.S_DELAY]
    if not lends(w, deal):
        one[n.D_HOLD] = n.LAPSED
        shared = w.rows[one[n.D_ROW], n.Q_SHARED] == 1
        one[n.D_OF_CALL] = not shared or is_over_budget(one)
        if stands(w, deal):
            w.calls[one[n.D_CALL], n.C_REFUSED] += 1
        push(w, at, n.REPLIES, n.E_REFUSE, deal, 0)
        return
    one[n.D_HOLD] = n.LIVE
    w.sites[site, n.S_IDS] += 1
    times[n.DF_EXPIRES_AT] = now_s(w.g[n.G_NOW]) + times[n.DF_EXPIRES]
    one[n.D_HELD_SINCE] = w.g[n.G_NOW]
    one[n.D_COUNTS] = one[n.D_AGENT] >= 0 and stands(w, deal)
    if one[n.D_COUNTS]:
        w.calls[one[n.D_CALL], n.C_HOLD_COUNT] += 1
    promise(w, deal, 1)
    if one[n.D_AGENT] >= 0:
        w.staff[one[n.D_AGENT], n.A_DEAL] = deal
        set_state(w, one[n.D_AGENT], n.HELD)
    mark_deal(w, deal)
    push(w, at, n.REPLIES, n.E_GRANT, deal, 0)


def stands(w: n.World, deal: int) -> bool:
    """Has the call that a reservation is for not ended?"""
    one = w.deals[deal]
    return bool(w.calls[one[n.D_CALL], n.C_UID] == one[n.D_CALL_UID])


def lends(w: n.World, deal: int) -> bool:
    """Does the site lend what is asked, by its own truth at this moment?"""
    one = w.deals[deal]
    row = w.rows[one[n.D_ROW]]
    if row[n.Q_SHARED] == 0:
        return False
    if is_over_budget(one):
        return False
    if row[n.Q_LOANS] + row[n.Q_LOANS_PROMISED] >= row[n.Q_MAX_LOAN]:
        return False
    entry = w.ways[one[n.D_ENTRY]]
    if lacks(w, entry[n.W_TRUNK1], entry[n.W_COUNT1]):
        return False
    if entry[n.W_TRUNK2] >= 0 and lacks(w, entry[n.W_TRUNK2], entry[n.W_COUNT2]):
        return False
    if one[n.D_AGENT] >= 0:
        if w.staff[one[n.D_AGENT], n.A_SHOWN] != n.SHOWN_READY:
            return False
        return bool(row[n.Q_READY] - 1 >= row[n.Q_MIN_RESERVE])
    if one[n.D_BROADCAST] and row[n.Q_READY] <= row[n.Q_MIN_RESERVE]:
        return False
    return bool(row[n.Q_PLACES_MAX] - row[n.Q_WAITING] - row[n.Q_PLACES_HELD] >= 1)


def is_over_budget(one: n.Whole) -> bool:
    """Was the call of a reservation moved too often?"""
    spent = one[n.D_SINCE_PERSON] >= MOVES_SINCE_PERSON_MAX
    return bool(spent or one[n.D_HOPS] >= MOVES_MAX)


def lacks(w: n.World, trunk: int, count: int) -> bool:
    """Are fewer channels free than are claimed?"""
    return bool(count > 0 and count > free_channels(w, trunk))


def free_channels(w: n.World, trunk: int) -> int:
    """Channels that may be promised."""
    one = w.trunks[trunk]
    return int(one[n.T_MAX] - one[n.T_USED] - one[n.T_PROMISED] - one[n.T_MIN_FREE])


def promise(w: n.World, deal: int, step: int) -> None:
    """Places, loans and channels are promised, or taken back."""
    one = w.deals[deal]
    row, entry = one[n.D_ROW], w.ways[one[n.D_ENTRY]]
    w.rows[row, n.Q_LOANS_PROMISED] += step
    if one[n.D_AGENT] < 0:
        w.rows[row, n.Q_PLACES_HELD] += step
    mark_row(w, row)
    w.trunks[entry[n.W_TRUNK1], n.T_PROMISED] += step * entry[n.W_COUNT1]
    mark_trunk(w, entry[n.W_TRUNK1])
    if entry[n.W_TRUNK2] >= 0:
        w.trunks[entry[n.W_TRUNK2], n.T_PROMISED] += step * entry[n.W_COUNT2]
        mark_trunk(w, entry[n.W_TRUNK2])


def end_hold(w: n.World, deal: int, state: int) -> None:
    """A live hold ends unused: its claims go back, its agent is free."""
    one = w.deals[deal]
    if one[n.D_HOLD] != n.LIVE:
        return
    one[n.D_HOLD] = state
    promise(w, deal, -1)
    count_held(w, deal)
    agent = one[n.D_AGENT]
    if agent >= 0:
        w.staff[agent, n.A_DEAL] = -1
        free_agent(w, agent)
    mark_deal(w, deal)


def count_held(w: n.World, deal: int) -> None:
    """An agent's time held counts with the call, while it goes on."""
    one = w.deals[deal]
    if one[n.D_COUNTS] and stands(w, deal):
        w.calls[one[n.D_CALL], n.C_HELD] += w.g[n.G_NOW] - one[n.D_HELD_SINCE]
        w.calls[one[n.D_CALL], n.C_HOLD_COUNT] -= 1
    one[n.D_COUNTS] = 0


def released(w: n.World, deal: int) -> None:
    """The node gives up a reservation."""
    w.deals[deal, n.D_REFS] -= 1
    end_hold(w, deal, n.LAPSED)
    leave_deal(w, deal)


def expired(w: n.World, deal: int) -> None:
    """A hold was not used in its time."""
    w.deals[deal, n.D_REFS] -= 1
    end_hold(w, deal, n.LAPSED)
    leave_deal(w, deal)


def call_over(w: n.World, deal: int) -> None:
    """The call that came with a token has ended."""
    w.deals[deal, n.D_OVER] = 1
    mark_deal(w, deal)
    leave_deal(w, deal)


def time_expiry(w: n.World, deal: int) -> None:
    """Nobody will use the hold: it stands until it expires."""
    w.deals[deal, n.D_REFS] += 1
    at = us_of(w, w.deal_times[deal, n.DF_EXPIRES_AT])
    push(w, at, n.TIMERS, n.E_EXPIRY, deal, 0)
