"""The questions a site has open at NIRC: asked, answered, withdrawn, and when to ask again.

Rule of this file: decides what `site_agent.core.route_requests` and `overflow_rules` decide, with
the same numbers. Runs as it is, and compiled.
"""

from __future__ import annotations

from simulator.compiled import networked_layout as n
from simulator.compiled.networked_figures import begin_wait
from simulator.compiled.networked_floor import send_drop, send_settled
from simulator.compiled.networked_heap import (
    hold_ticket,
    leave_request,
    now_s,
    push,
    take_request,
    us_of,
)
from simulator.compiled.networked_marks import change_entry, mark_call
from simulator.compiled.networked_match_notes import send_outcome
from simulator.compiled.networked_moves import begin_move, rejected, send_cancel
from simulator.compiled.networked_site_sets import copy_set, empty_set, join_set
from simulator.compiled.networked_tickets import begin_entry

RETRY_S_MIN = 0.5
ANNOUNCE_AGAIN_S = 30.0


def offered(w: n.World, call: int, ready: bool, ringing: bool) -> None:
    """A caller entered a row: `ready` an agent is, `ringing` and rings before the answer."""
    one, times = w.calls[call], w.call_times[call]
    site = w.rows[one[n.C_ROW], n.Q_SITE]
    now = now_s(w.g[n.G_NOW])
    one[n.C_AT_SITE] = n.WAITING
    one[n.C_ASK_SEQ] = -1
    one[n.C_REQUEST] = -1
    times[n.CF_OFFERED] = now
    times[n.CF_CAME] = now
    times[n.CF_ASKED_AFTER] = now + w.site_times[site, n.SF_REQUERY] if ready else 0.0
    times[n.CF_NOT_BEFORE] = 0.0
    begin_wait(w, call, ready)
    if ready and not ringing:
        return  # connected in this instant: what is asked now is withdrawn now
    mark_call(w, call, 1)
    after_s = w.site_times[site, n.SF_ASK_AFTER]
    if after_s > 0:
        start_ask(w, call, now + after_s)
    else:
        consider(w, call, now)


def start_ask(w: n.World, call: int, at_s: float) -> None:
    """Look at the call then, not before."""
    w.call_times[call, n.CF_ASK_AT] = at_s
    w.calls[call, n.C_ASK_SEQ] = push(w, us_of(w, at_s), n.TIMERS, n.E_ASK, call, 0)


def ask_due(w: n.World, call: int) -> None:
    """The timer of a waiting call: look whether to ask (again)."""
    one = w.calls[call]
    one[n.C_ASK_SEQ] = -1
    empty_set(one, n.C_FAILED)
    one[n.C_FAILED_COUNT] = 0
    change_entry(w, call)
    consider(w, call, max(now_s(w.g[n.G_NOW]), w.call_times[call, n.CF_ASK_AT]))


def consider(w: n.World, call: int, now: float) -> None:
    """Ask about a call if the rules say so; else look again later."""
    one, times = w.calls[call], w.call_times[call]
    if one[n.C_AT_SITE] != n.WAITING:
        return
    row = one[n.C_ROW]
    site = w.rows[row, n.Q_SITE]
    later = one[n.C_FOREIGN] == 1 and one[n.C_ANSWERED] == 0
    later = later or w.rows[row, n.Q_READY] > 0 or one[n.C_REQUEST] >= 0
    later = later or now < max(times[n.CF_ASKED_AFTER], times[n.CF_NOT_BEFORE])
    if not later:
        ask(w, call, site, now)
        return
    at_s = now + w.site_times[site, n.SF_REQUERY]
    if one[n.C_TICKET] == 0 or one[n.C_FAILED_COUNT] == 0:
        at_s = max(at_s, times[n.CF_ASKED_AFTER], times[n.CF_NOT_BEFORE])
    start_ask(w, call, at_s)


def ask(w: n.World, call: int, site: int, now: float) -> None:
    """A question leaves."""
    one, times = w.calls[call], w.call_times[call]
    request = take_request(w)
    asked, asked_times = w.requests[request], w.request_times[request]
    one[n.C_ASK_SEQ] = -1
    one[n.C_REQUEST] = request
    one[n.C_ASKED] += 1
    asked[n.R_SITE] = site
    asked[n.R_ID] = w.sites[site, n.S_IDS]
    w.sites[site, n.S_IDS] += 1
    asked[n.R_TICKET] = hold_ticket(w, one[n.C_TICKET])
    asked[n.R_CALL] = call
    asked[n.R_CALL_UID] = one[n.C_UID]
    asked[n.R_NUMBER] = one[n.C_NUMBER]
    asked[n.R_ATTEMPT] = one[n.C_ATTEMPT]
    asked[n.R_OPEN_SITE] = 1
    asked[n.R_ASKED_US] = w.g[n.G_NOW]
    asked[n.R_PRIO] = one[n.C_PRIO]
    asked[n.R_ANSWERED] = one[n.C_ANSWERED]
    copy_set(asked, n.R_VISITED, one, n.C_VISITED)
    asked[n.R_SINCE_PERSON] = one[n.C_SINCE_PERSON]
    asked[n.R_HOPS] = one[n.C_HOPS]
    copy_set(asked, n.R_FAILED, one, n.C_FAILED)
    asked[n.R_FAILED_COUNT] = one[n.C_FAILED_COUNT]
    asked[n.R_TRUNK] = one[n.C_TRUNK]
    asked[n.R_SERVICE] = one[n.C_SERVICE]
    asked[n.R_INGRESS] = one[n.C_INGRESS]
    asked[n.R_ROW] = one[n.C_ROW]
    asked[n.R_DEAL] = -1
    asked[n.R_GRANTED] = -1
    asked[n.R_TIMER_SEQ] = -1
    deadline_s = w.site_times[site, n.SF_DEADLINE]
    asked_times[n.RF_DEADLINE] = now + deadline_s
    asked_times[n.RF_LEFT] = max(0.0, asked_times[n.RF_DEADLINE] - now)
    asked_times[n.RF_WAITED] = max(0.0, now - times[n.CF_OFFERED])
    asked_times[n.RF_SHARE] = times[n.CF_SHARE1 + min(one[n.C_ATTEMPT], n.SHARES_MAX - 1)]
    asked[n.R_REFS] += 1
    push(w, w.g[n.G_NOW] + w.sites[site, n.S_DELAY], n.REPLIES, n.E_REQUEST, request, 0)
    time_deadline(w, request, site)


def time_deadline(w: n.World, request: int, site: int) -> None:
    """The site goes on by itself when no answer came in time; left out where answers cannot be
    late."""
    asked, times = w.requests[request], w.request_times[request]
    asked[n.R_TIMER_SITE] = -1
    if w.sites[site, n.S_ANSWERS_IN_TIME]:
        return
    asked[n.R_REFS] += 1
    at = us_of(w, times[n.RF_DEADLINE])
    asked[n.R_TIMER_SITE] = push(w, at, n.TIMERS, n.E_DEADLINE, request, 0)


def deadline_passed(w: n.World, request: int, seq: int) -> None:
    """No answer in time."""
    asked = w.requests[request]
    asked[n.R_REFS] -= 1
    if asked[n.R_OPEN_SITE] and asked[n.R_TIMER_SITE] == seq:
        now = max(now_s(w.g[n.G_NOW]), w.request_times[request, n.RF_DEADLINE])
        call = asked[n.R_CALL]
        w.calls[call, n.C_REQUEST] = -1
        send_drop(w, request)
        start_ask(w, call, now + w.site_times[asked[n.R_SITE], n.SF_REQUERY])
    leave_request(w, request)


def answered(w: n.World, request: int) -> None:
    """The node answered: what comes too late is declined, the rest is done."""
    asked, times = w.requests[request], w.request_times[request]
    asked[n.R_REFS] -= 1
    now = now_s(w.g[n.G_NOW])
    if asked[n.R_OFFERED]:
        matched(w, request, now)
        leave_request(w, request)
        return
    if asked[n.R_OPEN_SITE] == 0 or times[n.RF_DEADLINE] < now:
        decline(w, request)
        leave_request(w, request)
        return
    call = asked[n.R_CALL]
    one = w.calls[call]
    asked[n.R_OPEN_SITE] = 0
    asked[n.R_TIMER_SITE] = -1
    one[n.C_REQUEST] = -1
    one[n.C_AS_IT_IS] = asked[n.R_ANSWERED] == one[n.C_ANSWERED]
    if asked[n.R_OUTCOME] == n.MOVE:
        if not begin_move(w, call, asked[n.R_GRANTED]):
            decline(w, request)
            if one[n.C_AT_SITE] == n.WAITING:
                if one[n.C_AS_IT_IS]:
                    target = w.deals[asked[n.R_GRANTED], n.D_TARGET]
                    join_set(one, n.C_FAILED, target)
                    one[n.C_FAILED_COUNT] += 1
                consider(w, call, now)
    else:
        stays(w, call, request, now)
    leave_request(w, request)


def matched(w: n.World, request: int, now: float) -> None:
    """The leader found somebody for a call in the network queue. The site wins: a call that waits
    no more is not moved."""
    asked = w.requests[request]
    deal, call = asked[n.R_GRANTED], w.tickets[asked[n.R_TICKET], n.K_CALL]
    if call < 0 or w.calls[call, n.C_AT_SITE] != n.WAITING:
        decline(w, request)
        return
    one = w.calls[call]
    one[n.C_ASK_SEQ] = -1
    if one[n.C_REQUEST] >= 0:
        send_drop(w, one[n.C_REQUEST])
        one[n.C_REQUEST] = -1
    one[n.C_AS_IT_IS] = 0
    w.deals[deal, n.D_ASKED_US] = w.g[n.G_NOW]
    if not begin_move(w, call, deal):
        decline(w, request)
        send_outcome(w, deal, 1)
        consider(w, call, now)


def decline(w: n.World, request: int) -> None:
    """A token that is not used is never accepted: its target is asked to forget it."""
    asked = w.requests[request]
    deal = asked[n.R_GRANTED]
    if deal < 0:
        return
    w.deals[deal, n.D_MOVING] = 0
    send_cancel(w, deal)
    send_settled(w, deal, w.sites[asked[n.R_SITE], n.S_DELAY])


def stays(w: n.World, call: int, request: int, now: float) -> None:
    """The call is not moved: do what the answer says, and time the next question."""
    one, asked = w.calls[call], w.requests[request]
    at_s = now + w.site_times[asked[n.R_SITE], n.SF_REQUERY]
    if asked[n.R_OUTCOME] == n.RETRY_AFTER:
        at_s = now + max(w.request_times[request, n.RF_RETRY_AFTER], RETRY_S_MIN)
        w.call_times[call, n.CF_NOT_BEFORE] = at_s
    elif asked[n.R_OUTCOME] == n.QUEUE:
        later_s = now + max(w.site_times[asked[n.R_SITE], n.SF_REQUERY], w.limits[n.L_REQUERY])
        w.call_times[call, n.CF_ASKED_AFTER] = later_s
        at_s = at_s if one[n.C_FAILED_COUNT] > 0 else later_s
        begin_entry(w, call, asked[n.R_TICKET])
    elif asked[n.R_OUTCOME] == n.STAY and one[n.C_AS_IT_IS] == 0:
        at_s = now
    start_ask(w, call, at_s)
    if one[n.C_AT_SITE] != n.WAITING:
        return
    if asked[n.R_OUTCOME] == n.ANNOUNCE:
        announce(w, call, asked[n.R_SAYS], now)
    elif asked[n.R_OUTCOME] == n.REJECT:
        if one[n.C_ANSWERED] and asked[n.R_SAYS]:
            one[n.C_SAID] = asked[n.R_SAYS]
            w.call_times[call, n.CF_SAID_AT] = now
            w.call_times[call, n.CF_NOT_BEFORE] = now
        rejected(w, call)


def announce(w: n.World, call: int, name: int, now: float) -> None:
    """An announcement is played, which takes no time; the caller is answered for it."""
    one, times = w.calls[call], w.call_times[call]
    if name == 0 or (one[n.C_SAID] == name and now < times[n.CF_SAID_AT] + ANNOUNCE_AGAIN_S):
        return
    one[n.C_SAID] = name
    times[n.CF_SAID_AT] = now
    if one[n.C_ANSWERED] == 0:
        one[n.C_CARRIER_SEQ] = -1
        answered_here(w, call)


def answered_here(w: n.World, call: int) -> None:
    """The site answered a caller who waits: other ways of moving them are open now, so ask."""
    one = w.calls[call]
    one[n.C_ANSWERED] = 1
    if one[n.C_TICKET]:
        change_entry(w, call)
        return
    now = now_s(w.g[n.G_NOW])
    site = w.rows[one[n.C_ROW], n.Q_SITE]
    earliest = w.call_times[call, n.CF_CAME] + w.site_times[site, n.SF_ASK_AFTER]
    if one[n.C_REQUEST] < 0 and one[n.C_FOREIGN] == 0 and now >= earliest:
        empty_set(one, n.C_FAILED)
        one[n.C_FAILED_COUNT] = 0
        consider(w, call, now)
