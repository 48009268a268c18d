"""What a policy says about one request: the ways it may go, the call as numbers, ranked targets.

Rule of this file: bars what `nirc.core.choose_site` bars, and lets the policy's function decide.
Runs as it is, and compiled.
"""

from __future__ import annotations

from routing_policies import columns as k
from routing_policies import reasons
from simulator.compiled import networked_layout as n
from simulator.compiled.networked_channels import lacks_channel
from simulator.compiled.networked_heap import now_s
from simulator.compiled.networked_lines import grown
from simulator.compiled.networked_site_sets import holds

HOPS_SINCE_PERSON_MAX = 2
HOPS_MAX = 6
BAR_FAILED = float(reasons.FAILED_JUST_NOW)
BAR_VISITED = float(reasons.VISITED)
BAR_NO_CHANNEL = float(reasons.NO_CHANNEL)
BAR_WAY_TOO_LONG = float(reasons.WAY_TOO_LONG)


def choose(w: n.World, request: int, decide: n.Decide) -> None:
    """Targets for the call, best first; none means that it stays."""
    asked, times = w.requests[request], w.request_times[request]
    asked[n.R_TARGETS] = 0
    asked[n.R_NEXT] = 0
    asked[n.R_OUTCOME] = n.STAY
    if asked[n.R_SINCE_PERSON] >= HOPS_SINCE_PERSON_MAX or asked[n.R_HOPS] >= HOPS_MAX:
        return
    kind = w.way_sets[2 * asked[n.R_TRUNK] + asked[n.R_ANSWERED], asked[n.R_SERVICE]]
    begin, end = kind[0], kind[1]
    now = now_s(w.g[n.G_NOW])
    fill_call(w, request)
    rows = w.way_rows[begin:end]
    size = end - begin
    ways = w.scratch[: k.WAY_COLUMNS * size].reshape((k.WAY_COLUMNS, size))
    for i in range(size):
        ways[k.W_BARRED, i] = barred(w, request, begin + i)
        ways[k.W_PLACE_ONLY, i] = w.way_numbers[n.WF_PLACE_ONLY, begin + i]
        ways[k.W_COST, i] = w.way_numbers[n.WF_COST, begin + i]
        ways[k.W_SET_UP_S, i] = w.way_numbers[n.WF_SET_UP, begin + i]
    w.g[n.G_DECISIONS] += 1
    rule = decide(
        now, w.call, rows, ways, w.queues, w.agents, w.kept, w.row_kept, w.out, w.lost, w.trace
    )
    bits = w.rules[rule + 1]
    action = bits & (1 << n.ACTION_BITS) - 1
    asked[n.R_SAYS] = w.rule_says[rule + 1]
    asked[n.R_GROWN] = int(w.call[k.C_PRIORITY])
    asked[n.R_BROADCAST] = bits >> (n.ACTION_BITS + int(w.out[k.OUT_REGIME])) & 1
    if action == n.RETRIES:
        asked[n.R_OUTCOME] = n.RETRY_AFTER
        times[n.RF_RETRY_AFTER] = w.rule_times[rule + 1]
    elif action == n.REJECTS:
        asked[n.R_OUTCOME] = n.REJECT
    elif action == n.ANNOUNCES:
        asked[n.R_OUTCOME] = n.ANNOUNCE
    elif action == n.QUEUES:
        asked[n.R_OUTCOME] = n.QUEUE
    elif action == n.ROUTES:
        read_targets(w, request, begin)
        if asked[n.R_TARGETS] > 0 and bits >> (n.ACTION_BITS + n.REGIMES) & 1:
            asked[n.R_OUTCOME] = n.QUEUE


def read_targets(w: n.World, request: int, begin: int) -> None:
    """What the policy wrote: entries of ways, and slots of agents."""
    asked = w.requests[request]
    count = int(w.out[k.OUT_COUNT])
    asked[n.R_TARGETS] = count
    for i in range(count):
        at = k.OUT_FIRST + k.OUT_WIDTH * i
        asked[n.R_K1 + i] = begin + int(w.out[at + k.OUT_K])
        asked[n.R_S1 + i] = int(w.out[at + k.OUT_SLOT])


def fill_call(w: n.World, request: int) -> None:
    """The call as numbers."""
    asked, times, call = w.requests[request], w.request_times[request], w.call
    site = asked[n.R_SITE]
    template = w.templates[asked[n.R_INGRESS] * w.g[n.G_SITES] + site]
    for i in range(len(call)):
        call[i] = template[i]
    call[k.C_ORIGIN_ROW] = asked[n.R_ROW] + 1.0
    call[k.C_WAITED_S] = times[n.RF_WAITED]
    started = int(max(float(asked[n.R_PRIO]), template[k.C_SERVICE_PRIORITY]))
    call[k.C_PRIORITY] = grown(w, asked[n.R_SERVICE], started, times[n.RF_WAITED])
    call[k.C_ANSWERED] = asked[n.R_ANSWERED]
    call[k.C_MOVES] = asked[n.R_HOPS]
    call[k.C_MOVES_SINCE_PERSON] = asked[n.R_SINCE_PERSON]
    call[k.C_TRUNK_GROUP] = w.trunk_names[asked[n.R_TRUNK]]
    call[k.C_SHARE] = times[n.RF_SHARE]
    call[k.C_REFUSED] = asked[n.R_FAILED_COUNT]
    if w.g[n.G_CALENDARS]:
        fill_hours(w, asked[n.R_SERVICE])


def fill_hours(w: n.World, service: int) -> None:
    """What calendars say of the instant: by the node's clock, and the clock on the wall as it was
    read at the last whole second."""
    now = w.g[n.G_NOW]
    read_s = max(now - 1, 0) // n.US_PER_S
    unix_s = now_s(now) + ((w.start_unix[0] + read_s) - (n.START + read_s))
    for i in range(w.g[n.G_CALENDARS]):
        one = w.hours[i]
        if one[n.HC_SERVICE] == service and one[n.HC_TO] > one[n.HC_FROM]:
            w.call[one[n.HC_COLUMN]] = said_by_calendar(w, i, unix_s)


def said_by_calendar(w: n.World, i: int, unix_s: float) -> float:
    """One feature."""
    one = w.hours[i]
    at = one[n.HC_FROM]
    while at + 1 < one[n.HC_TO] and w.stretches[at + 1, n.ST_SINCE] <= unix_s:
        at += 1
    is_open, left_s = w.stretches[at, n.ST_OPEN], w.stretches[at, n.ST_CHANGE] - unix_s
    if one[n.HC_KIND] == n.IS_OPEN:
        return float(is_open)
    if one[n.HC_KIND] == n.IS_HOLIDAY:
        return float(w.stretches[at, n.ST_HOLIDAY])
    counts = is_open > 0 if one[n.HC_KIND] == n.CLOSES_IN else is_open == 0
    return float(left_s) if counts else 0.0


def barred(w: n.World, request: int, entry: int) -> float:
    """Why no policy may choose a way, as a number; 0 where it may."""
    asked, way = w.requests[request], w.ways[entry]
    site = way[n.W_SITE]
    if holds(asked, n.R_FAILED, site):
        return BAR_FAILED
    if holds(asked, n.R_VISITED, site):
        return BAR_VISITED
    before = w.way_numbers[n.WF_BARRED, entry]
    if way[n.W_MISSING]:
        return float(before)
    if lacks_channel(w, request, entry):
        return BAR_NO_CHANNEL
    place_only = w.way_numbers[n.WF_PLACE_ONLY, entry] > 0
    if place_only and w.queues[k.Q_PLACES_FREE, way[n.W_ROW] + 1] <= 0:
        return BAR_WAY_TOO_LONG
    return float(before)
