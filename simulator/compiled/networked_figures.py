"""What a row's past says: waits, patience, service level, the best estimator of the wait.

Rule of this file: the same numbers as `site_agent.core.queue_figures`, `sliding_sums` and
`routing_policies.ewt_choice`, in the same order of operations. Runs as it is, and compiled.
"""

from __future__ import annotations

from math import isfinite, nan

import numpy as np

from routing_policies.kernel import expected_wait
from simulator.compiled import networked_layout as n
from simulator.compiled.networked_heap import now_s, push, us_in, us_of
from simulator.compiled.networked_lines import oldest
from simulator.compiled.networked_marks import mark_row

LEVEL_S = 900.0
EXITS_S = 3600.0
SHORT_S = 5.0
LATE_S = 1.0
GAVE_UP_MIN = 5
FORGET = 0.01
JUDGED_MIN = 30
GAIN_MIN = 0.15
ESTIMATORS = 4
RATIOS_MIN = 19
RATIO_S_MIN = 1.0
OUTSIDE = 0.05
PERCENT_LOW = 50.0
PERCENT_HIGH = 200.0
PERCENT_MAX = 10_000.0
RING = 17
"Buckets kept for a window: one more than it spans, and one in the making."


def begin_wait(w: n.World, call: int, at_once: bool) -> None:
    """A call entered its row at a site; what each estimator says of its wait is kept."""
    one, times = w.calls[call], w.call_times[call]
    now = now_s(w.g[n.G_NOW])
    one[n.C_TIMED] = 1
    one[n.C_AT_ONCE] = at_once
    one[n.C_PREDICTED] = 0
    times[n.CF_ENTERED] = now
    row = one[n.C_ROW]
    late = one[n.C_FOREIGN] == 1 or now - times[n.CF_OFFERED] > LATE_S
    if at_once or late or w.rows[row, n.Q_READY] > 0:
        return
    one[n.C_PREDICTED] = 1
    predict(w, call, row, now)
    wait_s = times[n.CF_P1 + w.rows[row, n.Q_ESTIMATOR] - 1]
    if one[n.C_ENTRY_ROW] == row and one[n.C_EXPECTED] < 0 and isfinite(wait_s):
        one[n.C_EXPECTED] = us_in(wait_s)


def predict(w: n.World, call: int, row: int, now: float) -> None:
    """What each estimator says of a call that enters the row now."""
    one = w.rows[row]
    since = oldest(w, row)
    oldest_at = now_s(since) if since >= 0 else nan
    staffed = staffed_of(w, row) - one[n.Q_NOT_READY]
    for i in range(ESTIMATORS):
        w.call_times[call, n.CF_P1 + i] = expected_wait(
            float(i + 1),
            float(one[n.Q_WAITING] + one[n.Q_PLACES_HELD]),
            float(one[n.Q_READY]),
            float(staffed),
            w.row_times[row, n.QF_AHT],
            patience_of(w, row),
            oldest_at,
            w.row_times[row, n.QF_LAST_WAIT],
            now,
        )


def staffed_of(w: n.World, row: int) -> int:
    """Agents of a row who are signed in."""
    count = 0
    for state in range(n.Q_NOT_READY, n.Q_ACW + 1):
        count += w.rows[row, state]
    return count


def patience_of(w: n.World, row: int) -> float:
    """Mean time until a caller gives up; 0 where too few did."""
    gave_up = w.row_times[row, n.QF_EXIT_GAVE_UP]
    if gave_up < GAVE_UP_MIN:
        return 0.0
    return float(max(np.rint(w.row_times[row, n.QF_EXIT_WAITED] / gave_up), 1.0))


def wait_connected(w: n.World, call: int) -> None:
    """An agent talks with the caller, who waits no more."""
    one, times = w.calls[call], w.call_times[call]
    if one[n.C_TIMED] == 0:
        return
    one[n.C_TIMED] = 0
    row, now = one[n.C_ROW], now_s(w.g[n.G_NOW])
    here_s = now - times[n.CF_ENTERED]
    if one[n.C_PREDICTED] and usable(times):
        if w.g[n.G_RANGES]:
            keep_ratios(w, row, times, here_s)
        judge(w, row, times, here_s, 0)
    waited_s = max(now - times[n.CF_OFFERED], 0.0)
    if one[n.C_FOREIGN] == 0:
        w.row_times[row, n.QF_LAST_WAIT] = 0.0 if one[n.C_AT_ONCE] else waited_s
        w.row_times[row, n.QF_LAST_WAIT_AT] = now
    in_time = 1.0 if waited_s <= w.thresholds[one[n.C_SERVICE]] else 0.0
    add_to(w, row, n.LEVEL, now, 1.0, in_time)
    add_to(w, row, n.EXITS, now, proof_s(here_s, waited_s), 0.0)
    figures_moved(w, row, now)


def wait_ended(w: n.World, call: int, by_caller: bool) -> None:
    """The call's leg here is over without an agent."""
    one, times = w.calls[call], w.call_times[call]
    if one[n.C_TIMED] == 0:
        return
    one[n.C_TIMED] = 0
    row, now = one[n.C_ROW], now_s(w.g[n.G_NOW])
    here_s = now - times[n.CF_ENTERED]
    waited_s = max(now - times[n.CF_OFFERED], 0.0)
    counts = by_caller and one[n.C_AT_SITE] != n.LEFT and waited_s >= SHORT_S
    if one[n.C_PREDICTED] and usable(times):
        least = times[n.CF_P1]
        for i in range(1, ESTIMATORS):
            least = min(least, times[n.CF_P1 + i])
        if least < here_s:
            judge(w, row, times, here_s, 1)
    if counts:
        add_to(w, row, n.LEVEL, now, 1.0, 0.0)
    add_to(w, row, n.EXITS, now, proof_s(here_s, waited_s), 1.0 if counts else 0.0)
    figures_moved(w, row, now)


def proof_s(here_s: float, waited_s: float) -> float:
    """How long the caller proved patient here."""
    return max(min(here_s, waited_s - SHORT_S), 0.0)


def usable(times: n.Floats) -> bool:
    """Is every prediction one?"""
    for i in range(ESTIMATORS):
        wait_s = times[n.CF_P1 + i]
        if not (isfinite(wait_s) and wait_s > 0):
            return False
    return True


def keep_ratios(w: n.World, row: int, times: n.Floats, waited_s: float) -> None:
    """What a served call says of the range of each estimator; the oldest of the calls kept goes."""
    one = w.rows[row]
    count, most = one[n.Q_RATIOS], n.RATIOS_MAX
    at = (one[n.Q_FIRST_RATIO] + count) % most
    for i in range(ESTIMATORS):
        if count == most:
            take_ratio(w.ratios[row, i, n.BY_SIZE], count, w.ratios[row, i, n.BY_AGE, at])
        ratio = max(waited_s, RATIO_S_MIN) / max(times[n.CF_P1 + i], RATIO_S_MIN)
        w.ratios[row, i, n.BY_AGE, at] = ratio
        put_ratio(w.ratios[row, i, n.BY_SIZE], min(count, most - 1), ratio)
    if count == most:
        one[n.Q_FIRST_RATIO] = (one[n.Q_FIRST_RATIO] + 1) % most
    else:
        one[n.Q_RATIOS] += 1


def take_ratio(sorted_ones: n.Floats, count: int, ratio: float) -> None:
    """Take one of so many out of their order."""
    at = 0
    while sorted_ones[at] < ratio:
        at += 1
    for i in range(at, count - 1):
        sorted_ones[i] = sorted_ones[i + 1]


def put_ratio(sorted_ones: n.Floats, count: int, ratio: float) -> None:
    """Put one more into the order of so many."""
    i = count
    while i > 0 and sorted_ones[i - 1] > ratio:
        sorted_ones[i] = sorted_ones[i - 1]
        i -= 1
    sorted_ones[i] = ratio


def range_percent(w: n.World, row: int, high: bool) -> float:
    """One end of the range, in percent of the chosen prediction."""
    count = w.rows[row, n.Q_RATIOS]
    if count < RATIOS_MIN:
        return PERCENT_HIGH if high else PERCENT_LOW
    ones = w.ratios[row, w.rows[row, n.Q_ESTIMATOR] - 1, n.BY_SIZE]
    if high:
        at = min(int(np.ceil((count + 1) * (1.0 - OUTSIDE))), count)
        return float(min(np.ceil(ones[at - 1] * 100), PERCENT_MAX))
    at = max(int(np.floor((count + 1) * OUTSIDE)), 1)
    return float(min(np.floor(ones[at - 1] * 100), PERCENT_MAX))


def judge(w: n.World, row: int, times: n.Floats, waited_s: float, censored: int) -> None:
    """Errors of a call's predictions count; another estimator may be chosen."""
    one, past = w.rows[row], w.row_times[row]
    one[n.Q_JUDGED] += 1
    one[n.Q_SINCE_CHANGE] += 1
    forget = max(FORGET, 1.0 / one[n.Q_JUDGED])
    for i in range(ESTIMATORS):
        error_s = times[n.CF_P1 + i] - waited_s
        if censored:
            error_s = min(error_s, 0.0)
        square = past[n.QF_S1 + i]
        past[n.QF_S1 + i] = square + forget * (error_s * error_s - square)
    if one[n.Q_SINCE_CHANGE] < JUDGED_MIN:
        return
    best = 0
    for i in range(1, ESTIMATORS):
        if past[n.QF_S1 + i] < past[n.QF_S1 + best]:
            best = i
    if past[n.QF_S1 + best] < past[n.QF_S1 + one[n.Q_ESTIMATOR] - 1] * (1.0 - GAIN_MIN):
        one[n.Q_ESTIMATOR] = best + 1
        one[n.Q_SINCE_CHANGE] = 0


def figures_moved(w: n.World, row: int, now: float) -> None:
    """A row's figures moved by a call."""
    mark_row(w, row)
    site = w.rows[row, n.Q_SITE]
    if w.sites[site, n.S_FIGURES] == 0:
        time_forgetting(w, site, now)


def time_forgetting(w: n.World, site: int, now: float) -> None:
    """The windows move on."""
    w.sites[site, n.S_FIGURES] = 1
    at_s = now + LEVEL_S / n.BUCKETS
    w.site_times[site, n.SF_FIGURES_AT] = at_s
    push(w, us_of(w, at_s), n.TIMERS, n.E_FIGURES, site, 0)


def forget_due(w: n.World, site: int) -> None:
    """Minutes fell out of the windows of a site's rows."""
    now = max(now_s(w.g[n.G_NOW]), w.site_times[site, n.SF_FIGURES_AT])
    w.sites[site, n.S_FIGURES] = 0
    past = False
    for row in range(w.sites[site, n.S_ROW_FROM], w.sites[site, n.S_ROW_TO]):
        times = w.row_times[row]
        last = times[n.QF_LAST_WAIT] > 0 and now - times[n.QF_LAST_WAIT_AT] >= LEVEL_S
        if last:
            times[n.QF_LAST_WAIT] = 0.0
        level = forget_old(w, row, n.LEVEL, now)
        exits = forget_old(w, row, n.EXITS, now)
        if last or level or exits:
            mark_row(w, row)
        some = w.spans[row, n.LEVEL, 1] + w.spans[row, n.EXITS, 1] > 0
        past = past or some or times[n.QF_LAST_WAIT] > 0
    if past:
        time_forgetting(w, site, now)


def add_to(w: n.World, row: int, which: int, now: float, first: float, second: float) -> None:
    """Something happened now."""
    forget_old(w, row, which, now)
    span = w.spans[row, which]
    bucket = bucket_of(which, now)
    last = (span[0] + span[1] - 1) % RING
    if span[1] == 0 or w.buckets[row, which, last, 0] < bucket:
        last = (span[0] + span[1]) % RING
        span[1] += 1
        w.buckets[row, which, last, 0] = bucket
        w.buckets[row, which, last, 1] = 0.0
        w.buckets[row, which, last, 2] = 0.0
    w.buckets[row, which, last, 1] += first
    w.buckets[row, which, last, 2] += second
    add_up(w, row, which)


def bucket_of(which: int, now: float) -> float:
    """Number of the bucket of an instant."""
    width = LEVEL_S / n.BUCKETS if which == n.LEVEL else EXITS_S / n.BUCKETS
    return float(now // width)


def forget_old(w: n.World, row: int, which: int, now: float) -> bool:
    """Let go of what is too old; did the totals change?"""
    span = w.spans[row, which]
    at = n.QF_LEVEL_OFFERED + 2 * which
    before_1, before_2 = w.row_times[row, at], w.row_times[row, at + 1]
    oldest_kept = bucket_of(which, now) - n.BUCKETS
    while span[1] > 0 and w.buckets[row, which, span[0], 0] <= oldest_kept:
        span[0] = (span[0] + 1) % RING
        span[1] -= 1
    add_up(w, row, which)
    return bool(before_1 != w.row_times[row, at] or before_2 != w.row_times[row, at + 1])


def add_up(w: n.World, row: int, which: int) -> None:
    """Totals over the buckets kept, oldest first."""
    span = w.spans[row, which]
    first = second = 0.0
    for i in range(span[1]):
        slot = (span[0] + i) % RING
        first += w.buckets[row, which, slot, 1]
        second += w.buckets[row, which, slot, 2]
    at = n.QF_LEVEL_OFFERED + 2 * which
    w.row_times[row, at] = first
    w.row_times[row, at + 1] = second
