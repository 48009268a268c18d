"""Where time went, by interval: agents by state, calls waiting, channels in use.

Rule of this file: whole microseconds, counted where they pass; a span that crosses the end of an
interval is cut there. Runs as it is, and compiled.
"""

from __future__ import annotations

from simulator.compiled import networked_layout as n


def interval_of(w: n.World, us: int) -> int:
    """The interval of an instant."""
    return int(min(us // w.g[n.G_INTERVAL_US], w.g[n.G_INTERVALS] - 1))


def spend_agent(w: n.World, agent: int, until: int) -> None:
    """The agent was in their state since it was last counted."""
    one = w.staff[agent]
    state, since = one[n.A_STATE], one[n.A_COUNTED]
    one[n.A_COUNTED] = until
    if state < 0:
        return
    width, most = w.g[n.G_INTERVAL_US], w.g[n.G_INTERVALS]
    i = since // width
    while since < until and i < most:
        end = min((i + 1) * width, until)
        w.agents_us[i, one[n.A_SITE], state] += end - since
        since = end
        i += 1


def spend(w: n.World, spent: n.Whole, tops: n.Whole, line: int, count: int, since: int) -> None:
    """There were `count` of something since then."""
    until = w.g[n.G_NOW]
    if count == 0 or since >= until:
        return
    width, most = w.g[n.G_INTERVAL_US], w.g[n.G_INTERVALS]
    i = since // width
    while since < until and i < most:
        end = min((i + 1) * width, until)
        spent[i, line] += count * (end - since)
        tops[i, line] = max(tops[i, line], count)
        since = end
        i += 1


def count_waiting(w: n.World, row: int, step: int) -> None:
    """More or fewer calls wait in a row from now on."""
    one, now = w.rows[row], w.g[n.G_NOW]
    spend(w, w.waiting_us, w.waiting_most, row, one[n.Q_WAITING], one[n.Q_SINCE])
    one[n.Q_SINCE] = now
    one[n.Q_WAITING] += step
    i = interval_of(w, now)
    w.waiting_most[i, row] = max(w.waiting_most[i, row], one[n.Q_WAITING])
    if one[n.Q_WAITING] > w.g[n.G_WAITING_MAX] and w.g[n.G_OVER_ROW] < 0:
        w.g[n.G_OVER_ROW] = row


def count_channels(w: n.World, trunk: int, step: int) -> None:
    """More or fewer channels are in use from now on."""
    one, now = w.trunks[trunk], w.g[n.G_NOW]
    spend(w, w.trunks_us, w.trunks_most, trunk, one[n.T_USED], one[n.T_SINCE])
    one[n.T_SINCE] = now
    one[n.T_USED] += step
    i = interval_of(w, now)
    w.trunks_most[i, trunk] = max(w.trunks_most[i, trunk], one[n.T_USED])


def count_blocked(w: n.World, trunk: int) -> None:
    """Somebody met no free channel."""
    w.blocked[interval_of(w, w.g[n.G_NOW]), trunk] += 1


def pass_to(w: n.World, until: int) -> None:
    """Count all time until now."""
    w.g[n.G_NOW] = max(w.g[n.G_NOW], until)
    for agent in range(w.g[n.G_AGENTS]):
        spend_agent(w, agent, until)
    for row in range(w.g[n.G_ROWS]):
        count_waiting(w, row, 0)
    for trunk in range(w.g[n.G_TRUNKS]):
        count_channels(w, trunk, 0)
