"""The node's side of a request: targets are asked in turn until one grants; one answer.

Rule of this file: decides what `nirc.core.reservations` decides. Runs as it is, and compiled.
"""

from __future__ import annotations

from routing_policies import columns as k
from simulator.compiled import networked_layout as n
from simulator.compiled.networked_beliefs import count_promise, settle
from simulator.compiled.networked_channels import (
    SWEEP_US,
    drop_at_home,
    expect_at_home,
    lacks_channel,
    told_at_home,
)
from simulator.compiled.networked_choice import choose
from simulator.compiled.networked_heap import (
    hold_ticket,
    leave_deal,
    leave_request,
    now_s,
    push,
    take_deal,
    us_of,
)
from simulator.compiled.networked_match_notes import lost, offer_ended
from simulator.compiled.networked_queue import admitted
from simulator.compiled.networked_site_sets import copy_set

RESERVE_TIMEOUT_S = 0.6
ANSWER_MARGIN_S = 0.05
ROUND_TRIP_FIRST_S = 0.02
DEADLINE_S_MAX = 30.0
ASKED_MAX = 5
SMOOTHING = 0.2


def requested(w: n.World, request: int, decide: n.Decide) -> None:
    """An origin asks."""
    asked, times = w.requests[request], w.request_times[request]
    asked[n.R_REFS] -= 1
    now = now_s(w.g[n.G_NOW])
    way_s = ANSWER_MARGIN_S + round_trip_s(w, asked[n.R_SITE])
    allowed_s = min(times[n.RF_LEFT], DEADLINE_S_MAX) - way_s
    times[n.RF_ANSWER_BY] = now + max(allowed_s, 0.0)
    asked[n.R_RECEIVED] = w.g[n.G_NOW]
    asked[n.R_OPEN_NODE] = 1
    choose(w, request, decide)
    ask_next(w, request, now, True)


def round_trip_s(w: n.World, site: int) -> float:
    """What a round trip to a site takes."""
    measured = w.site_times[site, n.SF_ROUND_TRIP]
    return float(measured) if measured >= 0 else ROUND_TRIP_FIRST_S


def measure(w: n.World, site: int, took_s: float) -> None:
    """A question was answered after so long."""
    before_s = w.site_times[site, n.SF_ROUND_TRIP]
    if before_s < 0:
        before_s = took_s
    w.site_times[site, n.SF_ROUND_TRIP] = before_s + SMOOTHING * (took_s - before_s)


def ask_next(w: n.World, request: int, now: float, at_once: bool) -> None:
    """Ask the best target not looked at yet, or end the request: the call stays."""
    asked = w.requests[request]
    while asked[n.R_NEXT] < asked[n.R_TARGETS]:
        i = asked[n.R_NEXT]
        asked[n.R_NEXT] += 1
        entry, slot = asked[n.R_K1 + i], asked[n.R_S1 + i]
        if worth(w, request, entry, slot, now):
            ask_target(w, request, entry, slot, now)
            return
    finish(w, request, asked[n.R_OUTCOME])


def worth(w: n.World, request: int, entry: int, slot: int, now: float) -> bool:
    """Is a target worth asking now?"""
    asked, way = w.requests[request], w.ways[entry]
    if asked[n.R_ASKED_COUNT] >= ASKED_MAX:
        return False
    if now + round_trip_s(w, way[n.W_SITE]) > w.request_times[request, n.RF_ANSWER_BY]:
        return False
    if asked[n.R_RECEIVED] == w.g[n.G_NOW]:
        return True
    at = way[n.W_ROW] + 1
    if slot >= 0:
        if w.queues[k.Q_LENDABLE, at] <= 0:
            return False
        if w.staff[w.members[slot, n.M_AGENT], n.A_LISTED] == 0:
            return False
    elif w.queues[k.Q_PLACES_FREE, at] <= 0:
        return False
    return not lacks_channel(w, request, entry)


def ask_target(w: n.World, request: int, entry: int, slot: int, now: float) -> None:
    """A question to a target; what it asks for is promised."""
    asked, times, way = w.requests[request], w.request_times[request], w.ways[entry]
    within_s = min(RESERVE_TIMEOUT_S, times[n.RF_ANSWER_BY] - now)
    deal = take_deal(w)
    one, deal_times = w.deals[deal], w.deal_times[deal]
    asked[n.R_DEAL] = deal
    asked[n.R_ASKED_COUNT] += 1
    times[n.RF_ASKED_AT] = now
    times[n.RF_ASK_UNTIL] = now + within_s
    one[n.D_REQUEST] = request
    one[n.D_REQUEST_UID] = asked[n.R_UID]
    one[n.D_CALL] = asked[n.R_CALL]
    one[n.D_CALL_UID] = asked[n.R_CALL_UID]
    one[n.D_ORIGIN] = asked[n.R_SITE]
    one[n.D_TARGET] = way[n.W_SITE]
    one[n.D_ROW] = way[n.W_ROW]
    one[n.D_AGENT] = w.members[slot, n.M_AGENT] if slot >= 0 else -1
    one[n.D_ENTRY] = entry
    copy_set(one, n.D_VISITED, asked, n.R_VISITED)
    one[n.D_SINCE_PERSON] = asked[n.R_SINCE_PERSON]
    one[n.D_HOPS] = asked[n.R_HOPS]
    one[n.D_ANSWERED] = asked[n.R_ANSWERED]
    one[n.D_PRIO] = max(asked[n.R_PRIO], asked[n.R_GROWN])
    one[n.D_BROADCAST] = asked[n.R_BROADCAST] and slot < 0
    one[n.D_ASKED_US] = asked[n.R_ASKED_US]
    one[n.D_PROMISE] = 1
    one[n.D_TICKET] = hold_ticket(w, asked[n.R_TICKET])
    one[n.D_OFFERED] = asked[n.R_OFFERED]
    deal_times[n.DF_EXPIRES] = w.way_numbers[n.WF_EXPIRES, entry]
    deal_times[n.DF_WAITED] = times[n.RF_WAITED]
    deal_times[n.DF_UNTIL] = times[n.RF_ASK_UNTIL] + deal_times[n.DF_EXPIRES]
    one[n.D_REFS] += 1
    there = w.g[n.G_NOW] + w.sites[way[n.W_SITE], n.S_DELAY]
    push(w, there, n.REPLIES, n.E_RESERVE, deal, 0)
    count_promise(w, deal, 1)
    expect_at_home(w, deal, asked[n.R_TRUNK])
    arm(w, request)


def arm(w: n.World, request: int) -> None:
    """The timer of a question; left out where the target's answer comes before it."""
    asked, times = w.requests[request], w.request_times[request]
    at_s = min(times[n.RF_ASK_UNTIL], times[n.RF_ANSWER_BY])
    at = us_of(w, at_s)
    asked[n.R_TIMER_SEQ] = -1
    deal = asked[n.R_DEAL]
    if deal >= 0:
        site = w.deals[deal, n.D_TARGET]
        back = us_of(w, times[n.RF_ASKED_AT]) + 2 * w.sites[site, n.S_DELAY]
        if back <= at:
            return
    times[n.RF_TIMER_AT] = at_s
    asked[n.R_REFS] += 1
    asked[n.R_TIMER_SEQ] = push(w, at, n.TIMERS, n.E_NODE_TIMER, request, 0)


def timer(w: n.World, request: int, seq: int) -> None:
    """A target was silent too long, or the deadline is near."""
    asked, times = w.requests[request], w.request_times[request]
    asked[n.R_REFS] -= 1
    if asked[n.R_OPEN_NODE] and asked[n.R_TIMER_SEQ] == seq:
        now = max(now_s(w.g[n.G_NOW]), times[n.RF_TIMER_AT])
        if now >= times[n.RF_ANSWER_BY]:
            run_out(w, request)
        elif asked[n.R_DEAL] >= 0 and now >= times[n.RF_ASK_UNTIL]:
            give_up(w, request)
            ask_next(w, request, now, False)
        else:
            arm(w, request)
    leave_request(w, request)


def run_out(w: n.World, request: int) -> None:
    """No time is left: the call stays."""
    give_up(w, request)
    finish(w, request, n.STAY)


def give_up(w: n.World, request: int) -> None:
    """The target that was asked is told that it is not needed."""
    asked = w.requests[request]
    deal = asked[n.R_DEAL]
    if deal < 0:
        return
    asked[n.R_DEAL] = -1
    drop_at_home(w, deal)
    release(w, deal)
    lost(w, request, False)
    one = w.deals[deal]
    if one[n.D_PROMISE] and w.g[n.G_QUEUED]:
        one[n.D_REFS] += 1
        one[n.D_NEXT_LATE] = w.g[n.G_LATE]
        w.g[n.G_LATE] = deal + 1
    elif one[n.D_PROMISE]:
        one[n.D_REFS] += 1
        until = us_of(w, w.deal_times[deal, n.DF_UNTIL])
        at = (until + SWEEP_US - 1) // SWEEP_US * SWEEP_US
        push(w, at, n.TIMERS, n.E_SWEEP, deal, 0)


def swept(w: n.World, deal: int) -> None:
    """A promise may have run out."""
    w.deals[deal, n.D_REFS] -= 1
    settle(w, deal)
    leave_deal(w, deal)


def release(w: n.World, deal: int) -> None:
    """A target need not hold any longer."""
    one = w.deals[deal]
    one[n.D_REFS] += 1
    there = w.g[n.G_NOW] + w.sites[one[n.D_TARGET], n.S_DELAY]
    push(w, there, n.REPLIES, n.E_RELEASE, deal, 0)


def awaited(w: n.World, deal: int) -> int:
    """The request that waits for a target's word, or -1."""
    one = w.deals[deal]
    request = one[n.D_REQUEST]
    asked = w.requests[request]
    if asked[n.R_UID] != one[n.D_REQUEST_UID] or asked[n.R_OPEN_NODE] == 0:
        return -1
    return int(request) if asked[n.R_DEAL] == deal else -1


def granted(w: n.World, deal: int) -> None:
    """A target holds what was asked. A grant nobody waits for is released."""
    one = w.deals[deal]
    one[n.D_REFS] -= 1
    request = awaited(w, deal)
    if request < 0:
        release(w, deal)
        settle(w, deal)
        leave_deal(w, deal)
        return
    now = now_s(w.g[n.G_NOW])
    measure(w, one[n.D_TARGET], now - w.request_times[request, n.RF_ASKED_AT])
    if now > w.request_times[request, n.RF_ANSWER_BY]:
        run_out(w, request)
        return
    w.requests[request, n.R_GRANTED] = deal
    one[n.D_MOVING] = 1  # until the origin has begun or declined
    told_at_home(w, deal)
    finish(w, request, n.MOVE)


def refused(w: n.World, deal: int) -> None:
    """A target holds nothing: the next one, if there is time."""
    one = w.deals[deal]
    one[n.D_REFS] -= 1
    request = awaited(w, deal)
    if request >= 0:
        now = now_s(w.g[n.G_NOW])
        measure(w, one[n.D_TARGET], now - w.request_times[request, n.RF_ASKED_AT])
        w.requests[request, n.R_DEAL] = -1
        drop_at_home(w, deal)
        settle(w, deal)
        lost(w, request, one[n.D_OF_CALL] != 0)
        ask_next(w, request, now, False)
    else:
        settle(w, deal)
    leave_deal(w, deal)


def finish(w: n.World, request: int, outcome: int) -> None:
    """The one answer leaves; of an offer that came to nothing there is nothing to say."""
    asked = w.requests[request]
    if outcome == n.QUEUE and asked[n.R_OFFERED] == 0 and not admitted(w, request):
        outcome = n.STAY
    asked[n.R_OUTCOME] = outcome
    asked[n.R_OPEN_NODE] = 0
    asked[n.R_TIMER_SEQ] = -1
    if asked[n.R_OFFERED]:
        moves = outcome == n.MOVE
        offer_ended(w, request, asked[n.R_GRANTED] if moves else -1)
        if not moves:
            leave_request(w, request)
            return
    asked[n.R_REFS] += 1
    there = w.g[n.G_NOW] + w.sites[asked[n.R_SITE], n.S_DELAY]
    push(w, there, n.REPLIES, n.E_ANSWER, request, 0)


def dropped(w: n.World, request: int) -> None:
    """The origin needs no answer. One already given is settled by its token instead."""
    asked = w.requests[request]
    asked[n.R_REFS] -= 1
    if asked[n.R_OPEN_NODE]:
        give_up(w, request)
        asked[n.R_OPEN_NODE] = 0
        asked[n.R_TIMER_SEQ] = -1
    leave_request(w, request)


def settled(w: n.World, deal: int) -> None:
    """A word from which the node learns that a promise is used or void."""
    w.deals[deal, n.D_REFS] -= 1
    settle(w, deal)
    leave_deal(w, deal)
