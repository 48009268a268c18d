"""State reports: what changed leaves a site, travels, and changes what the node believes.

Rule of this file: versions, the acknowledged base and what is repeated are those of
`site_agent.core.report_builder` and `nirc.core.site_state`; durations are worked out when a report
leaves and turned back into instants when it arrives. Runs as it is, and compiled.
"""

from __future__ import annotations

from math import nan

from routing_policies import columns as k
from simulator.compiled import networked_layout as n
from simulator.compiled.networked_beliefs import list_agent, refresh, settle, unlist
from simulator.compiled.networked_channels import hear_channels
from simulator.compiled.networked_figures import patience_of, range_percent, staffed_of
from simulator.compiled.networked_heap import leave_deal, now_s, push, us_of
from simulator.compiled.networked_lines import oldest
from simulator.compiled.networked_queue import read_entry, read_gone
from simulator.compiled.networked_tickets import ENTRY, GONE, note_tickets, put_tickets
from simulator.compiled.networked_wire import put, take

RESEND_S = 2.0
SNAPSHOT_S = 300.0
CHANGES, WHOLE, REPEATED = range(3)
"What a report holds: what changed, everything, or what changed before and is not acknowledged."
RESERVATION = -1.0
"Stands for the code of a reservation in a report."


def flush(w: n.World, site: int) -> None:
    """The timer of a report: tell the node what it does not have yet."""
    now = max(now_s(w.g[n.G_NOW]), w.site_times[site, n.SF_FLUSH_AT])
    w.sites[site, n.S_TIMED] = 0
    hear_acks(w, site)
    look(w, site)
    if w.sites[site, n.S_SENT] < w.sites[site, n.S_VERSION]:
        send(w, site, now, CHANGES)


def again(w: n.World, site: int) -> None:
    """What was not acknowledged is repeated."""
    now = max(now_s(w.g[n.G_NOW]), w.site_times[site, n.SF_AGAIN_AT])
    hear_acks(w, site)
    if w.sites[site, n.S_ACKED] < w.sites[site, n.S_SENT]:
        send(w, site, now, REPEATED)
    at_s = now + RESEND_S
    w.site_times[site, n.SF_AGAIN_AT] = at_s
    push(w, us_of(w, at_s), n.TIMERS, n.E_AGAIN, site, 0)


def snapshot(w: n.World, site: int) -> None:
    """Every so often the node gets everything."""
    now = max(now_s(w.g[n.G_NOW]), w.site_times[site, n.SF_SNAPSHOT_AT])
    hear_acks(w, site)
    look(w, site)
    w.sites[site, n.S_BASE] = w.sites[site, n.S_VERSION]
    send(w, site, now, WHOLE)
    at_s = now + SNAPSHOT_S
    w.site_times[site, n.SF_SNAPSHOT_AT] = at_s
    push(w, us_of(w, at_s), n.TIMERS, n.E_SNAPSHOT, site, 0)


def look(w: n.World, site: int) -> None:
    """Look at what was marked; one new version if anything differs."""
    one = w.sites[site]
    version = one[n.S_VERSION] + 1
    changed = stands_pending(w, site) or one[n.S_DIFFER] != 0
    one[n.S_DIFFER] = 0
    one[n.S_LOOKS] += 1
    for i in range(one[n.S_MARKS]):
        code = w.marks[site, i]
        w.entities[code, n.E_MARKED] = 0
        if not note(w, code):
            continue
        changed = True
        w.entities[code, n.E_VERSION] = version
        if w.entities[code, n.E_UNACKED] == 0:
            w.entities[code, n.E_UNACKED] = 1
            w.unacked[site, one[n.S_UNACKED]] = code
            one[n.S_UNACKED] += 1
    one[n.S_MARKS] = 0
    if w.g[n.G_QUEUED] and note_tickets(w, site, version):
        changed = True
    if changed:
        one[n.S_VERSION] = version
    elif one[n.S_PENDING] >= 0:
        drop_pending(w, site)


def stands_pending(w: n.World, site: int) -> bool:
    """Does a reservation stand that was not told yet? What came and went between is no change."""
    deal = w.sites[site, n.S_PENDING]
    while deal >= 0:
        if is_open(w, deal):
            return True
        deal = w.deals[deal, n.D_NEXT_PENDING]
    return False


def drop_pending(w: n.World, site: int) -> None:
    """Nothing is to be told of reservations that are over."""
    deal = w.sites[site, n.S_PENDING]
    w.sites[site, n.S_PENDING] = -1
    while deal >= 0:
        following = w.deals[deal, n.D_NEXT_PENDING]
        w.deals[deal, n.D_PENDING] = 0
        leave_deal(w, deal)
        deal = following


def is_open(w: n.World, deal: int) -> bool:
    """Does a reservation stand at its target?"""
    one = w.deals[deal]
    return bool(one[n.D_HOLD] == n.LIVE or (one[n.D_HOLD] == n.TAKEN and one[n.D_OVER] == 0))


def note(w: n.World, code: int) -> bool:
    """Does an entity differ from what was last told?"""
    agents, rows = w.g[n.G_AGENTS], w.g[n.G_ROWS]
    if code < agents:
        one = w.staff[code]
        same = one[n.A_NOTED_STATE] == one[n.A_SHOWN]
        same = same and one[n.A_NOTED_SINCE] == one[n.A_SHOWN_SINCE]
        same = same and one[n.A_NOTED_CALLS] == one[n.A_CALLS]
        one[n.A_NOTED_STATE] = one[n.A_SHOWN]
        one[n.A_NOTED_SINCE] = one[n.A_SHOWN_SINCE]
        one[n.A_NOTED_CALLS] = one[n.A_CALLS]
        one[n.A_NOTED_PERIODS] = one[n.A_PERIODS]
        w.staff_times[code, n.AF_NOTED_READY] = w.staff_times[code, n.AF_READY]
        w.staff_times[code, n.AF_NOTED_OCCUPIED] = w.staff_times[code, n.AF_OCCUPIED]
        return not same
    if code < agents + rows:
        return note_row(w, code - agents)
    trunk = w.trunks[code - agents - rows]
    same = trunk[n.T_NOTED_USED] == trunk[n.T_USED]
    same = same and trunk[n.T_NOTED_PROMISED] == trunk[n.T_PROMISED]
    trunk[n.T_NOTED_USED] = trunk[n.T_USED]
    trunk[n.T_NOTED_PROMISED] = trunk[n.T_PROMISED]
    return not same


def note_row(w: n.World, row: int) -> bool:
    """Does a row differ from what was last told?"""
    one, times, noted = w.rows[row], w.row_times[row], w.noted[row]
    fresh = w.fresh
    fresh[n.V_STAFFED] = staffed_of(w, row)
    fresh[n.V_READY] = one[n.Q_READY]
    fresh[n.V_RESERVED] = one[n.Q_RESERVED]
    fresh[n.V_BUSY] = one[n.Q_BUSY]
    fresh[n.V_ACW] = one[n.Q_ACW]
    fresh[n.V_NOT_READY] = one[n.Q_NOT_READY]
    fresh[n.V_WAITING] = one[n.Q_WAITING]
    fresh[n.V_ANSWERED] = one[n.Q_ANSWERED]
    fresh[n.V_ABANDONED] = one[n.Q_ABANDONED]
    fresh[n.V_PLACES_HELD] = one[n.Q_PLACES_HELD]
    fresh[n.V_LOANS] = one[n.Q_LOANS] + one[n.Q_LOANS_PROMISED]
    fresh[n.V_LAST_WAIT] = times[n.QF_LAST_WAIT]
    fresh[n.V_PATIENCE] = patience_of(w, row)
    fresh[n.V_ESTIMATOR] = one[n.Q_ESTIMATOR]
    fresh[n.V_OFFERED] = times[n.QF_LEVEL_OFFERED]
    fresh[n.V_IN_TIME] = times[n.QF_LEVEL_IN_TIME]
    fresh[n.V_LOW] = range_percent(w, row, False)
    fresh[n.V_HIGH] = range_percent(w, row, True)
    fresh[n.V_OLDEST] = oldest(w, row)
    changed = False
    for i in range(n.V_WIDTH):
        if noted[i] != fresh[i]:
            changed = True
            noted[i] = fresh[i]
    return changed


# ---- on the way -----------------------------------------------------------------------------


def send(w: n.World, site: int, now: float, whole: int) -> None:
    """A report leaves: all entities (`WHOLE`), or those changed since the base."""
    one = w.sites[site]
    one[n.S_SENT] = one[n.S_VERSION]
    length_at = one[n.S_HEAD]
    put(w, site, 0.0)
    put(w, site, float(one[n.S_VERSION]))
    put(w, site, 1.0 if whole == WHOLE else 0.0)
    if whole == WHOLE:
        for agent in range(one[n.S_AGENT_FROM], one[n.S_AGENT_TO]):
            if w.staff[agent, n.A_REPORTED]:
                put_entity(w, site, agent, now)
        for row in range(one[n.S_ROW_FROM], one[n.S_ROW_TO]):
            put_entity(w, site, w.g[n.G_AGENTS] + row, now)
        for trunk in range(one[n.S_TRUNK_FROM], one[n.S_TRUNK_TO]):
            put_entity(w, site, w.g[n.G_AGENTS] + w.g[n.G_ROWS] + trunk, now)
    keep_unacked(w, site, now, whole)
    if whole != REPEATED:
        put_deals(w, site)
        if w.g[n.G_QUEUED]:
            put_tickets(w, site, now, whole == WHOLE)
    size = w.reports.shape[1]
    w.reports[site, length_at % size] = float(one[n.S_HEAD] - length_at)
    push(w, w.g[n.G_NOW] + one[n.S_DELAY], n.REPORTS, n.E_REPORT, site, 0)


def keep_unacked(w: n.World, site: int, now: float, whole: int) -> None:
    """Entities beyond the base are told (again); the others are settled."""
    one = w.sites[site]
    kept = 0
    for i in range(one[n.S_UNACKED]):
        code = w.unacked[site, i]
        if w.entities[code, n.E_VERSION] <= one[n.S_BASE]:
            w.entities[code, n.E_UNACKED] = 0
            continue
        w.unacked[site, kept] = code
        kept += 1
        if whole != WHOLE:
            put_entity(w, site, code, now)
    one[n.S_UNACKED] = kept


def put_deals(w: n.World, site: int) -> None:
    """Reservations that were looked at just now."""
    deal = w.sites[site, n.S_PENDING]
    while deal >= 0:
        following = w.deals[deal, n.D_NEXT_PENDING]
        put_deal(w, site, deal)
        deal = following
    w.sites[site, n.S_PENDING] = -1


def put_deal(w: n.World, site: int, deal: int) -> None:
    """A reservation that stands is told, if the node waits for it."""
    one = w.deals[deal]
    one[n.D_PENDING] = 0
    if is_open(w, deal) and one[n.D_PROMISE]:
        one[n.D_REFS] += 1
        put(w, site, RESERVATION)
        put(w, site, float(deal))
    else:
        leave_deal(w, deal)


def put_entity(w: n.World, site: int, code: int, now: float) -> None:
    """An entity as it was last noted, its duration worked out now."""
    agents, rows = w.g[n.G_AGENTS], w.g[n.G_ROWS]
    put(w, site, float(code))
    if code < agents:
        one = w.staff[code]
        put(w, site, float(one[n.A_NOTED_STATE]))
        put(w, site, max(0.0, now - now_s(one[n.A_NOTED_SINCE])))
        put(w, site, float(one[n.A_NOTED_CALLS]))
        put(w, site, w.staff_times[code, n.AF_NOTED_READY])
        put(w, site, float(one[n.A_NOTED_PERIODS]))
        put(w, site, w.staff_times[code, n.AF_NOTED_OCCUPIED])
    elif code < agents + rows:
        noted = w.noted[code - agents]
        for i in range(n.V_OLDEST):
            put(w, site, noted[i])
        since = noted[n.V_OLDEST]
        put(w, site, max(0.0, now - now_s(int(since))) if since >= 0 else 0.0)
    else:
        trunk = w.trunks[code - agents - rows]
        used = trunk[n.T_NOTED_USED] + trunk[n.T_NOTED_PROMISED] + trunk[n.T_MIN_FREE]
        put(w, site, float(trunk[n.T_MAX] - used))


# ---- at the node ----------------------------------------------------------------------------


def arrived(w: n.World, site: int) -> bool:
    """A report reached the node: applied if it is newer, acknowledged in any case. Was it news?"""
    one = w.sites[site]
    w.g[n.G_FOUND] = 0
    w.g[n.G_FLOOR_TOLD] = 0
    end = one[n.S_TAIL]
    end += int(take(w, site))
    version, whole = int(take(w, site)), take(w, site)
    now = now_s(w.g[n.G_NOW])
    heard(w, site, now)
    news = whole > 0 or version > one[n.S_NODE_VERSION]
    if news:
        one[n.S_NODE_VERSION] = version
        while one[n.S_TAIL] < end:
            apply(w, site, take(w, site), now)
    while one[n.S_TAIL] < end:
        skip(w, site, take(w, site))
    at = w.g[n.G_NOW] + one[n.S_DELAY]
    if one[n.S_ACKS] == n.ACKS_MAX:
        push(w, at, n.REPORTS, n.E_ACK, site, version)
        return bool(news)
    slot = (one[n.S_FIRST_ACK] + one[n.S_ACKS]) % n.ACKS_MAX
    w.acks[site, slot, 0] = at
    w.acks[site, slot, 1] = version
    one[n.S_ACKS] += 1
    return bool(news)


def hear_acks(w: n.World, site: int) -> None:
    """Acknowledgements that have come by now; they matter when the next report leaves."""
    one = w.sites[site]
    while one[n.S_ACKS] > 0 and w.acks[site, one[n.S_FIRST_ACK], 0] <= w.g[n.G_NOW]:
        acknowledged(w, site, w.acks[site, one[n.S_FIRST_ACK], 1])
        one[n.S_FIRST_ACK] = (one[n.S_FIRST_ACK] + 1) % n.ACKS_MAX
        one[n.S_ACKS] -= 1


def acknowledged(w: n.World, site: int, version: int) -> None:
    """The node holds a version."""
    one = w.sites[site]
    one[n.S_ACKED] = max(one[n.S_ACKED], version)
    one[n.S_BASE] = max(one[n.S_BASE], version)


def heard(w: n.World, site: int, now: float) -> None:
    """A sign of life: what is not reported otherwise is still so."""
    for row in range(w.sites[site, n.S_ROW_FROM], w.sites[site, n.S_ROW_TO]):
        w.queues[k.Q_SITE_REPORTED_AT, row + 1] = now
        if w.queues[k.Q_REPORTED_AT, row + 1] > 0:
            w.queues[k.Q_REPORTED_AT, row + 1] = now


def skip(w: n.World, site: int, code: float) -> None:
    """Pass over an entity that is known; a reservation is seen all the same."""
    agents, rows = w.g[n.G_AGENTS], w.g[n.G_ROWS]
    if code < 0:
        apply(w, site, code, 0.0)
    elif code < agents:
        w.sites[site, n.S_TAIL] += 6
    else:
        w.sites[site, n.S_TAIL] += n.V_WIDTH if code < agents + rows else 1


def apply(w: n.World, site: int, code: float, now: float) -> None:
    """One entity of a report."""
    agents, rows = w.g[n.G_AGENTS], w.g[n.G_ROWS]
    if 0 <= code < agents + rows:
        w.g[n.G_FLOOR_TOLD] = 1
    if code == ENTRY:
        read_entry(w, site, now)
    elif code == GONE:
        read_gone(w, site)
    elif code < 0:
        deal = int(take(w, site))
        w.deals[deal, n.D_REFS] -= 1
        settle(w, deal)
        leave_deal(w, deal)
    elif code < agents:
        apply_agent(w, site, int(code), now)
    elif code < agents + rows:
        row = int(code) - agents
        for i in range(n.V_WIDTH):
            w.told[row, i] = take(w, site)
        apply_row(w, row, now)
        refresh(w, row)
    else:
        hear_channels(w, int(code) - agents - rows, int(take(w, site)))


def apply_agent(w: n.World, site: int, agent: int, now: float) -> None:
    """A site said this of an agent."""
    one, table = w.staff[agent], w.agents
    unlist(w, agent)
    one[n.A_BELIEVED] = int(take(w, site))
    since = now - take(w, site)
    calls, ready_s = take(w, site), take(w, site)
    periods, occupied_s = take(w, site), take(w, site)
    for slot in range(one[n.A_FIRST], one[n.A_LAST]):
        table[k.A_READY_AT, slot] = since
        table[k.A_CALLS, slot] = calls
        table[k.A_READY_S, slot] = ready_s
        table[k.A_READY_PERIODS, slot] = periods
        table[k.A_OCCUPIED_S, slot] = occupied_s
    list_agent(w, agent)


def apply_row(w: n.World, row: int, now: float) -> None:
    """The columns that are as the site says."""
    queues, at, told = w.queues, row + 1, w.told[row]
    offered, patience = told[n.V_OFFERED], told[n.V_PATIENCE]
    queues[k.Q_REPORTED_AT, at] = now
    queues[k.Q_SITE_REPORTED_AT, at] = now
    queues[k.Q_BUSY, at] = told[n.V_BUSY]
    queues[k.Q_ACW, at] = told[n.V_ACW]
    queues[k.Q_NOT_READY, at] = told[n.V_NOT_READY]
    queues[k.Q_OLDEST_AT, at] = now - told[n.V_OLDEST] if told[n.V_WAITING] > 0 else nan
    queues[k.Q_LAST_WAIT_S, at] = told[n.V_LAST_WAIT]
    queues[k.Q_PATIENCE_S, at] = patience if patience > 0 else nan
    queues[k.Q_ESTIMATOR, at] = told[n.V_ESTIMATOR]
    queues[k.Q_SERVICE_LEVEL, at] = told[n.V_IN_TIME] / offered if offered > 0 else nan
    queues[k.Q_EWT_LOW, at] = told[n.V_LOW] / 100.0
    queues[k.Q_EWT_HIGH, at] = told[n.V_HIGH] / 100.0
    queues[k.Q_ANSWERED, at] = told[n.V_ANSWERED]
    queues[k.Q_ABANDONED, at] = told[n.V_ABANDONED]
