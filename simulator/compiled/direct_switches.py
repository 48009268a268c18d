"""What a model needs of the direct loop.

Rule of this file: a few sets of switches only, so that few loops are ever compiled; a model takes
the smallest set that has all it needs.
"""

from __future__ import annotations

import re

from routing_policies import columns as c
from simulator.compiled.policies import Policies
from simulator.compiled.switches import NAMES
from simulator.model.calls import CallsTable
from simulator.model.instants import NEVER_US
from simulator.model.network import NetworkModel

_PAST = {c.Q_LONGEST_READY_AT}
_READ = re.compile(r"\bqueues\[(\d+)\]")
_OLDEST = "oldest_wait_s"
"By name: each expected wait has the column, too, for an estimator that is never chosen here."
GROUPS_FEW = 8
"So few groups of a row are soon added up."
_PLAIN = frozenset({"LIMITS"})
_LEAN = _PLAIN | {"ASKS"}
_SKILLED = _LEAN | {"SKILLS"}
_ALL = frozenset(NAMES)
_TIMED = frozenset({"TIMERS"})
SETS = (
    _PLAIN,
    _LEAN,
    _LEAN | _TIMED,
    _SKILLED,
    _SKILLED | _TIMED,
    _ALL - {"FAULTS", "SLOTS"},
    _ALL,
)


def needed(model: NetworkModel, policies: Policies) -> frozenset[str]:
    """What the model has, by the names of `switches`."""
    agents = [one for site in model.sites for one in site.agents]
    queues = [one for site in model.sites for one in site.queues]
    trunks = [one for site in model.sites for one in site.trunks]
    timers = any(site.ask_after_us > 0 or site.requery_us < NEVER_US for site in model.sites)
    timers = timers or any(one.answer_after_us < NEVER_US for one in queues)
    asks = policies.matters or timers
    found = {
        "ASKS": asks,
        "TIMERS": timers,
        "SKILLS": _skilled(model),
        "RANKED": any(one.priority != 0 for one in model.services),
        "RINGS": any(one.ring_us > 0 or one.no_answer_share > 0.0 for one in agents),
        "REDIALS": any(one.set_up_us > 0 for one in trunks),
        "SHIFTS": any(one.shifts != ((0, one.shifts[-1][1]),) for one in agents if one.shifts)
        or any(
            not one.shifts or one.shifts[-1][1] < model.duration_us + model.drain_us
            for one in agents
        ),
        "SLOTS": (asks and looks_closely(policies))
        or any(one.agent_choice == "least_occupied" for one in queues),
        "MARKS": asks and _most_groups(model) > GROUPS_FEW,
        "FAULTS": any(one.kind == "site" for one in model.faults),
    }
    return frozenset(name for name, is_needed in found.items() if is_needed)


def needed_by(calls: CallsTable) -> frozenset[str]:
    """What callers bring that a model does not tell."""
    found = {
        "AFTER_WORK": calls.acw_us.any(),
        "RANKED": calls.priority.any() or calls.ahead_us.any(),
        "REDIALS": calls.redials_max.any(),
    }
    return frozenset(name for name, is_needed in found.items() if is_needed)


def looks_closely(policies: Policies) -> bool:
    """Do policies look at agents one by one, or at instants and past waits of queues."""
    text = policies.text
    if "agents[" in text:
        return True
    read = {int(number) for number in _READ.findall(text)}
    return bool(read & _PAST) or any(_OLDEST in str(one.document.spec) for one in policies.used)


def chosen(needs: frozenset[str]) -> frozenset[str]:
    """The smallest set that has all of it."""
    return next(one for one in SETS if needs <= one)


def _most_groups(model: NetworkModel) -> int:
    """Groups of agents that serve one row, at most."""
    groups = {(s, one.levels) for s, site in enumerate(model.sites) for one in site.agents}
    counts: dict[tuple[int, int], int] = {}
    for s, levels in groups:
        for queue, _ in levels:
            counts[s, queue] = counts.get((s, queue), 0) + 1
    return max(counts.values(), default=0)


def _skilled(model: NetworkModel) -> bool:
    for site in model.sites:
        served: dict[int, set[tuple[tuple[int, int], ...]]] = {}
        for agent in site.agents:
            if len(agent.levels) != 1:
                return True
            for queue, _ in agent.levels:
                served.setdefault(queue, set()).add(agent.levels)
        if any(len(served.get(q, ())) != 1 for q in range(len(site.queues))):
            return True
        if any(queue.agent_choice != "longest_available" for queue in site.queues):
            return True
    return False
