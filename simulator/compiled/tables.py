"""A network as arrays: agents, groups, rows, trunk groups and sums of a `layout.Floor`.

Rule of this file: what the model says, laid out; nothing is drawn and nothing is decided.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from simulator.compiled.layout import (
    AGENT_CALL,
    AGENT_DUE_AT,
    AGENT_GROUP,
    AGENT_NAME,
    AGENT_NEXT,
    AGENT_NO_ANSWER_US,
    AGENT_ON,
    AGENT_PAUSE_US,
    AGENT_PREVIOUS,
    AGENT_RING_US,
    AGENT_SITE,
    AGENT_SLOT,
    AGENT_STATE,
    AGENT_WIDTH,
    CALL_NEXT_FREE,
    CALL_WIDTH,
    CHANCE_SHARE,
    CHANCE_WIDTH,
    GROUP_COUNT,
    GROUP_FROM,
    GROUP_HEAD,
    GROUP_SITE,
    GROUP_TAIL,
    GROUP_TO,
    GROUP_WIDTH,
    LINE_HEAD,
    LINE_WIDTH,
    LINES_MAX,
    MEMBER_WIDTH,
    NEVER,
    NUMBER_BOUNDARY,
    NUMBER_EDGE,
    NUMBER_FREE_SLOT,
    NUMBER_FREE_SLOTS,
    NUMBER_INTERVAL_US,
    NUMBER_LINES,
    NUMBER_OVERLOADED,
    NUMBER_WAITING_MAX,
    NUMBERS_WIDTH,
    OFF,
    ROW_ANSWER_AFTER_US,
    ROW_CHOICE,
    ROW_FROM,
    ROW_LINES,
    ROW_MAX_LOAN,
    ROW_MIN_RESERVE,
    ROW_PLACES_MAX,
    ROW_SITE,
    ROW_STALE,
    ROW_TO,
    ROW_WIDTH,
    SHARE_NO_ANSWER,
    SHARE_WIDTH,
    SITE_ASK_AFTER_US,
    SITE_REQUERY_US,
    SITE_WIDTH,
    TRUNK_MAX,
    TRUNK_MIN_FREE,
    TRUNK_NO_ANSWER_US,
    TRUNK_SET_UP_US,
    TRUNK_SITE,
    TRUNK_WIDTH,
    Floor,
    Sheets,
)
from simulator.model.network import NetworkModel
from simulator.model.outcomes import READY, Sums

SLOTS_FIRST = 1024
"Calls that stand at once before there is more room; it doubles as needed."
CHOICES = {"longest_available": 0, "most_skilled": 1, "least_occupied": 2}
PRIORITY_MOST = 10
"Of a caller; a service's is added."


CACHE_LINE = 8
"Whole numbers in a line of the processor's cache."


def floor_of(model: NetworkModel) -> Floor:
    """The floor at instant 0: agents whose shift has begun are ready."""
    groups, members = groups_of(model)
    rows, row_groups = _rows(model, groups)
    numbers = np.zeros(NUMBERS_WIDTH, dtype=np.int64)
    numbers[NUMBER_INTERVAL_US] = numbers[NUMBER_BOUNDARY] = model.interval_us
    numbers[NUMBER_WAITING_MAX] = model.waiting_max
    numbers[NUMBER_OVERLOADED] = -1
    numbers[NUMBER_EDGE] = NEVER
    numbers[NUMBER_FREE_SLOT] = -1
    numbers[NUMBER_LINES] = lines_of(model)
    group_table, group_rows = _groups(model, groups)
    floor = Floor(
        numbers=numbers,
        calls=np.zeros((0, CALL_WIDTH), dtype=np.int64),
        chances=np.zeros((0, CHANCE_WIDTH)),
        agents=_agents(model, members),
        shares=_shares(model),
        groups=group_table,
        group_rows=group_rows,
        row_groups=row_groups,
        rows=rows,
        lines=np.full((len(rows) * lines_of(model), LINE_WIDTH), -1, dtype=np.int64),
        trunks=_trunks(model),
        sites=_sites(model),
    )
    _sign_in(floor)
    return with_slots(floor, SLOTS_FIRST)


def sheets_of(sums: Sums) -> Sheets:
    """The arrays of the sums."""
    return Sheets(
        agents_us=sums.agents_us,
        waiting_us=sums.waiting_us,
        waiting_most=sums.waiting_most,
        trunks_us=sums.trunks_us,
        trunks_most=sums.trunks_most,
        blocked=sums.blocked,
    )


def lines_of(model: NetworkModel) -> int:
    """Priorities that a row tells apart."""
    highest = max((one.priority for one in model.services), default=0)
    return min(max(highest, 0) + PRIORITY_MOST + 1, LINES_MAX)


def whole_lines(count: int, width: int) -> Any:
    """A table of whole numbers, at 0, that begins where a line of the processor's cache does."""
    numbers = np.zeros(count * width + CACHE_LINE, dtype=np.int64)
    skipped = -(numbers.ctypes.data // numbers.itemsize) % CACHE_LINE
    return numbers[skipped : skipped + count * width].reshape(count, width)


def with_slots(floor: Floor, count: int) -> Floor:
    """The same floor with room for so many calls."""
    calls = whole_lines(count, CALL_WIDTH)
    had, width = floor.chances.shape
    chances = np.zeros((count, width))
    calls[:had] = floor.calls
    chances[:had] = floor.chances
    for slot in range(count - 1, had - 1, -1):
        calls[slot, CALL_NEXT_FREE] = floor.numbers[NUMBER_FREE_SLOT]
        floor.numbers[NUMBER_FREE_SLOT] = slot
    floor.numbers[NUMBER_FREE_SLOTS] += count - had
    return floor._replace(calls=calls, chances=chances)


def with_tries(floor: Floor, count: int) -> Floor:
    """The same floor with room for the shares of so many tries of a call."""
    had, width = floor.chances.shape
    more = max(CHANCE_SHARE + count - width, 0)
    return floor._replace(chances=np.hstack([floor.chances, np.zeros((had, more))]))


def note_for_all(floor: Floor) -> None:
    """What a loop with fewer switches on does not write: a larger one may go on from here."""
    floor.rows[:, ROW_STALE] = 1
    count = int(floor.numbers[NUMBER_LINES])
    used = floor.lines[:, LINE_HEAD].reshape(len(floor.rows), count) >= 0
    floor.rows[:, ROW_LINES] = (used.astype(np.int64) << np.arange(count)).sum(axis=1)


Key = tuple[int, tuple[tuple[int, int], ...]]
"(site, levels)"


def groups_of(model: NetworkModel) -> tuple[list[Key], list[int]]:
    """Groups of agents of one site who serve the same queues at the same levels, and each agent's
    group. Agents who serve no queue have a group too."""
    found: dict[Key, int] = {}
    members = []
    for s, site in enumerate(model.sites):
        for agent in site.agents:
            members.append(found.setdefault((s, agent.levels), len(found)))
    return list(found), members


def _groups(model: NetworkModel, groups: list[Key]) -> tuple[Any, Any]:
    table = np.zeros((len(groups), GROUP_WIDTH), dtype=np.int64)
    served: list[tuple[int, int, int]] = []
    row_of = {key: row for row, key in enumerate(model.rows)}
    for g, (site, levels) in enumerate(groups):
        table[g, (GROUP_HEAD, GROUP_TAIL)] = -1
        table[g, GROUP_SITE] = site
        table[g, GROUP_FROM] = len(served)
        served += [(row_of[site, queue], level, i) for i, (queue, level) in enumerate(levels)]
        table[g, GROUP_TO] = len(served)
    return table, np.array(served, dtype=np.int64).reshape(-1, MEMBER_WIDTH)


def _rows(model: NetworkModel, groups: list[Key]) -> tuple[Any, Any]:
    rows = np.zeros((len(model.rows), ROW_WIDTH), dtype=np.int64)
    serving: list[tuple[int, int, int]] = []
    for row, (s, q) in enumerate(model.rows):
        queue = model.sites[s].queues[q]
        rows[row, ROW_SITE] = s
        rows[row, ROW_PLACES_MAX] = queue.places_max
        rows[row, ROW_FROM] = len(serving)
        for g, (site, levels) in enumerate(groups):
            if site == s:
                serving += [(g, level, i) for i, (one, level) in enumerate(levels) if one == q]
        rows[row, ROW_TO] = len(serving)
        rows[row, ROW_STALE] = 1
        rows[row, ROW_MAX_LOAN] = queue.max_loan
        rows[row, ROW_MIN_RESERVE] = queue.min_reserve
        rows[row, ROW_CHOICE] = CHOICES[queue.agent_choice]
        rows[row, ROW_ANSWER_AFTER_US] = queue.answer_after_us
    return rows, np.array(serving, dtype=np.int64).reshape(-1, MEMBER_WIDTH)


def _agents(model: NetworkModel, members: list[int]) -> Any:
    agents = whole_lines(len(model.agents), AGENT_WIDTH)
    slot = 0
    for a, (s, i) in enumerate(model.agents):
        agent = model.sites[s].agents[i]
        agents[a, AGENT_GROUP] = members[a]
        agents[a, AGENT_STATE] = OFF
        agents[a, (AGENT_CALL, AGENT_PREVIOUS, AGENT_NEXT)] = -1
        agents[a, AGENT_DUE_AT] = NEVER
        agents[a, AGENT_ON] = any(begin <= 0 < end for begin, end in agent.shifts)
        agents[a, AGENT_RING_US] = agent.ring_us
        agents[a, AGENT_NO_ANSWER_US] = agent.no_answer_us
        agents[a, AGENT_PAUSE_US] = agent.pause_us
        agents[a, AGENT_SITE] = s
        agents[a, AGENT_SLOT] = slot
        slot += len(agent.levels)
    for s, site in enumerate(model.sites):
        here = [a for a, (one, _) in enumerate(model.agents) if one == s]
        by_name = sorted(here, key=lambda a: site.agents[model.agents[a][1]].name)
        for place, a in enumerate(by_name):
            agents[a, AGENT_NAME] = place
    return agents


def _sign_in(floor: Floor) -> None:
    """Agents within a shift are ready from instant 0, in their order."""
    agents, groups = floor.agents, floor.groups
    for agent in range(len(agents)):
        group = agents[agent, AGENT_GROUP]
        if not agents[agent, AGENT_ON]:
            groups[group, GROUP_COUNT + OFF] += 1
            continue
        tail = groups[group, GROUP_TAIL]
        agents[agent, AGENT_STATE] = READY
        agents[agent, AGENT_PREVIOUS] = tail
        groups[group, GROUP_COUNT + READY] += 1
        groups[group, GROUP_TAIL] = agent
        if tail >= 0:
            agents[tail, AGENT_NEXT] = agent
        else:
            groups[group, GROUP_HEAD] = agent


def _shares(model: NetworkModel) -> Any:
    found = [one.no_answer_share for site in model.sites for one in site.agents]
    shares = np.zeros((len(found), SHARE_WIDTH))
    shares[:, SHARE_NO_ANSWER] = found
    return shares


def _trunks(model: NetworkModel) -> Any:
    trunks = np.zeros((len(model.trunks), TRUNK_WIDTH), dtype=np.int64)
    for t, (s, i) in enumerate(model.trunks):
        trunk = model.sites[s].trunks[i]
        trunks[t, TRUNK_SITE] = s
        trunks[t, TRUNK_MAX] = trunk.channels_max
        trunks[t, TRUNK_MIN_FREE] = trunk.min_free
        trunks[t, TRUNK_NO_ANSWER_US] = trunk.no_answer_us
        trunks[t, TRUNK_SET_UP_US] = trunk.set_up_us
    return trunks


def _sites(model: NetworkModel) -> Any:
    sites = np.zeros((len(model.sites), SITE_WIDTH), dtype=np.int64)
    for s, site in enumerate(model.sites):
        sites[s, SITE_ASK_AFTER_US] = site.ask_after_us
        sites[s, SITE_REQUERY_US] = site.requery_us
    return sites


def shifts_of(model: NetworkModel) -> Any:
    """(instant, agent, begins), in order; the last line never comes."""
    found = []
    for a, (s, i) in enumerate(model.agents):
        agent = model.sites[s].agents[i]
        for begin, end in agent.shifts:
            found += [(begin, a, 1)] if begin > 0 else []
            found += [(end, a, 0)] if 0 < end < NEVER // 4 else []
    found.sort(key=lambda one: (one[0], one[1], one[2]))
    return np.array([*found, (NEVER, 0, 0)], dtype=np.int64)


def faults_of(model: NetworkModel) -> Any:
    """(instant, site, lost) of sites that are lost and come back; the last line never comes."""
    found = []
    for fault in model.faults:
        if fault.kind == "site":
            begin, end = fault.window
            found += [(begin, fault.site, 1), (end, fault.site, 0)]
    return np.array([*sorted(found), (NEVER, 0, 0)], dtype=np.int64)
