"""Kinds of cases in which mutants are looked for: what a seed draws, run with every checker.

A mutant is found at a seed if the checker that it names speaks, and the same seed without it is
clean.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import joint_forks
import mutant_late_states
import mutant_queues
from joint_runs import problems, run_with_policies
from mutant_elections import Elections
from mutants import Mutant, planted
from sim_black_hole import hole_case
from sim_flood import flood_case, limited

from nirc.core.router import Router
from simulator.world.dice import Dice
from simulator.world.drawn_case import drawn_case
from simulator.world.engine import WorldEngine
from simulator.world.fault_case import FaultCase
from simulator.world.fault_search import kind_of, tried
from simulator.world.shrinking import PLAIN_POLICY

FOR_S = 20.0
"Simulated seconds in which callers come, in drawn cases."
PLANNED: dict[str, Any] = {
    "set_up_s": 0.2,
    "no_answer_share": 0.5,
    "ring_s": 0.3,
    "max_loan": 100,
    "min_reserve": 0,
    "channels": 60,
    "requery_s": 1.0,
    "queue_document": "",
    "rules": "",
}
"Of a site whose calls by the peer plan go on, now and then."
ANSWERED: dict[str, Any] = {"answer_after_s": 0.2, "max_loan": 100, "queue_document": ""}
WIPES = ("wiped", "restored")
HOLE_S = 200.0
FLOOD_S = 20.0
TOLD = ("two lead", "entry lost")
"What is told by other words than a checker's."
ERRORS = (ArithmeticError, AssertionError, LookupError, TypeError, ValueError)
"What a core without one of its rules may raise: no checker's word."


@dataclass(frozen=True, slots=True, kw_only=True)
class Cases:
    """One kind: what a seed draws, and the problems of its run. Drawn cases of the fault search
    are data, and can be made small."""

    draw: Callable[[int], Any]
    run: Callable[[Any], tuple[str, ...]]


def _with(case: FaultCase, *more: dict[str, Any]) -> FaultCase:
    faults = sorted((*case.faults, *more), key=lambda fault: float(fault["from_s"]))
    return replace(case, faults=tuple(faults))


def _carriers(seed: int) -> FaultCase:
    """Paths are broken all the time, and links to sites now and then."""
    case = drawn_case(seed, FOR_S)
    dice = Dice(seed)
    cuts = [
        {
            "kind": "link",
            "from_s": round(dice.between(1.0, FOR_S, "cut"), 3),
            "lasts_s": dice.choice((0.5, 2.0, 5.0), "cut"),
            "site": dice.choice(case.sites, "cut").name,
        }
        for _ in range(4)
    ]
    return _with(case, {"kind": "path", "from_s": 0.5, "lasts_s": FOR_S}, *cuts)


def _leaders(seed: int) -> FaultCase:
    """What one node after another says is seconds late, while it cannot reach etcd or stands
    still: its last words come after the next leader's first."""
    case, dice = replace(drawn_case(seed, FOR_S), nodes=3, faults=()), Dice(seed)
    faults: list[dict[str, Any]] = []
    for number in range(6):
        which = {"node": int(dice.share("away") * 3)}
        from_s = 1.0 + 3.0 * number
        away = {
            "kind": dice.choice(("etcd", "etcd", "pause", "node", "node"), "away"),
            "lasts_s": 3.0,
        }
        late = {"kind": "late", "from_s": from_s, "lasts_s": 4.0, "amount": 3.0, "way": ""}
        faults += [late | which, away | which | {"from_s": from_s + 0.7}]
    return _with(case, *faults)


def _queues(seed: int) -> FaultCase:
    """More callers than agents, all in the network queue, and nodes that are killed."""
    case, dice = replace(drawn_case(seed, FOR_S), nodes=3, faults=()), Dice(seed)
    sites = tuple(
        replace(site, per_s=round(1.5 * site.agents / case.talk_s, 3), queue_document="")
        for site in case.sites
    )
    kills = [
        {
            "kind": "node",
            "from_s": 4.0 + 4.0 * number,
            "lasts_s": dice.choice((1.0, 3.0), "away"),
            "node": int(dice.share("away") * 3),
        }
        for number in range(4)
    ]
    full = replace(case, sites=sites, policy=mutant_queues.POLICY, patience_s=60.0)
    return _with(full, *kills)


def _repeats(seed: int) -> FaultCase:
    """More callers than agents, messages that take a while, and nodes that are killed in turn:
    questions are asked again while what was held for them is held."""
    case = _queues(seed)
    late = {"kind": "late", "from_s": 1.0, "lasts_s": FOR_S, "amount": 0.6, "way": ""}
    kills = [
        {"kind": "node", "from_s": 2.0 + 1.5 * number, "lasts_s": 1.0, "node": number % 3}
        for number in range(12)
    ]
    return _with(replace(case, policy=PLAIN_POLICY, faults=()), late, *kills)


def _restarts(seed: int) -> FaultCase:
    """Site agents are killed and started again."""
    case, dice = drawn_case(seed, FOR_S), Dice(seed)
    kills = [
        {
            "kind": "agent",
            "from_s": round(dice.between(1.0, FOR_S, "kill"), 3),
            "lasts_s": dice.choice((0.1, 1.0, 3.0), "kill"),
            "site": dice.choice(case.sites, "kill").name,
            "way": dice.choice(("", "", "power"), "kill"),
        }
        for _ in range(4)
    ]
    return _with(case, *kills)


def _wiped(seed: int) -> FaultCase:
    """etcd forgets everything, or what was lately; site agents are restarted about then."""
    case, dice = replace(drawn_case(seed, FOR_S), nodes=3, faults=()), Dice(seed)
    lost = [
        {"kind": "etcd", "from_s": from_s, "lasts_s": 1.0, "way": dice.choice(WIPES, "wiped")}
        for from_s in (6.0, 12.0)
    ]
    kills = [
        {
            "kind": "agent",
            "from_s": round(from_s + dice.between(-1.0, 2.0, "wiped"), 3),
            "lasts_s": 1.0,
            "site": site.name,
            "way": "",
        }
        for from_s in (6.0, 12.0)
        for site in case.sites
    ]
    return _with(case, *lost, *kills)


def _plans(seed: int) -> FaultCase:
    """NIRC is away twice, in one way or another, and sites have a plan that takes little; half of
    the rings stay without an answer, so that who was taken goes on."""
    case, dice = replace(drawn_case(seed, FOR_S), nodes=1, faults=()), Dice(seed)
    plan = {
        "by": "hand",
        "methods": ["bridge"],
        "calls_max": 2,
        "calls_per_minute_max": dice.choice((4, 60), "plan"),
        "set_up_p99_s": 0.5,
        "leaderless_s": 1.0,
    }
    sites = tuple(
        replace(site, per_s=round(0.4 * site.agents, 3), answer_after_s=0.2, **PLANNED)
        for site in case.sites
    )
    away = [
        {
            "kind": dice.choice(("node", "pause", "link"), "plan"),
            "from_s": from_s,
            "lasts_s": lasts_s,
            "way": "",
        }
        for from_s, lasts_s in ((0.5, 4.0), (6.0, 14.0))
    ]
    changed = replace(case, peer_plan=plan, sites=sites, patience_s=60.0, talk_s=2.0)
    return _with(changed, *away)


def _mail(seed: int) -> FaultCase:
    """Callers are sent to a voicemail by REFER, and carriers do with it as they like."""
    case = replace(drawn_case(seed, FOR_S), nodes=1, faults=(), peer_plan=None, callbacks=None)
    mail = {
        "methods": ["refer"],
        "set_up_s": 0.2,
        "calls_max": 100,
        "call_s": 60.0,
        "by": "both",
        "after_s": 1.0,
        "calendar": False,
    }
    sites = tuple(replace(site, answer_after_s=0.2, queue_document="") for site in case.sites)
    path = {"kind": "path", "from_s": 0.5, "lasts_s": FOR_S}
    return _with(replace(case, handler=mail, sites=sites, patience_s=60.0), path)


def _transfers(seed: int) -> FaultCase:
    """Agents pass most of their callers on, and want them back soon; sites are cut off."""
    case = replace(drawn_case(seed, FOR_S), nodes=1, faults=(), peer_plan=None, callbacks=None)
    transfers = {
        "share": 0.9,
        "stays_share": 1.0,
        "back_after_s": 1.0,
        "sites": [site.name for site in case.sites[:2]],
    }
    sites = tuple(
        replace(site, methods=("refer",), set_up_s=2.0, **ANSWERED) for site in case.sites
    )
    cuts = [
        {"kind": "link", "from_s": 2.0 + 3.0 * number, "lasts_s": 2.0, "site": one.name, "way": ""}
        for number, one in enumerate(case.sites * 2)
    ]
    calm = replace(case, transfers=transfers, sites=sites, patience_s=60.0, handler=None)
    return _with(replace(calm, policy=PLAIN_POLICY, calendars=(), liveness=False), *cuts)


def _tried(router: Callable[..., Router] = Router) -> Callable[[FaultCase], tuple[str, ...]]:
    def run(case: FaultCase) -> tuple[str, ...]:
        return tried(case, lambda seed: WorldEngine(seed=seed, new_router=router)).problems

    return run


def _policies(seed: int) -> tuple[str, ...]:
    return tuple(problems(run_with_policies(seed, faults=2, changes=12, for_s=15.0)[0]))


KINDS: dict[str, Cases] = {
    "drawn": Cases(draw=lambda seed: drawn_case(seed, FOR_S), run=_tried()),
    "hole": Cases(draw=lambda seed: hole_case(seed, for_s=HOLE_S), run=_tried()),
    "flood": Cases(
        draw=lambda seed: replace(flood_case(40.0), seed=seed, for_s=FLOOD_S), run=_tried(limited)
    ),
    "carriers": Cases(draw=_carriers, run=_tried()),
    "leaders": Cases(draw=_leaders, run=_tried()),
    "restarts": Cases(draw=_restarts, run=_tried()),
    "wiped": Cases(draw=_wiped, run=_tried()),
    "late states": Cases(draw=_restarts, run=mutant_late_states.run),
    "repeats": Cases(draw=_repeats, run=_tried()),
    "plans": Cases(draw=_plans, run=_tried()),
    "mail": Cases(draw=_mail, run=_tried()),
    "transfers": Cases(draw=_transfers, run=_tried()),
    "queues": Cases(draw=_queues, run=mutant_queues.run),
    "forks": Cases(draw=int, run=lambda seed: tuple(problems(joint_forks.run(seed)))),
    "policies": Cases(draw=int, run=_policies),
    "elections": Cases(draw=int, run=lambda seed: Elections(seed).run(40.0, 8)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search gave."""

    mutant: str
    found_by: str
    seed: int | None
    "None: not found."
    seeds_count: int
    took_s: float
    problem: str = ""
    others: tuple[str, ...] = ()
    "Other kinds of problems on the way, for whoever asks why."


def kinds_of(found: tuple[str, ...]) -> frozenset[str]:
    """What kinds of problems there are."""
    told = {one: next((word for word in TOLD if word in one), "") for one in found}
    return frozenset(word or kind_of(one) for one, word in told.items())


def run(mutant: Mutant, case: Any, *, plant: bool = True) -> tuple[str, ...]:
    """Problems of a case with the rule taken out, or as it is."""
    with planted(mutant if plant else None):
        try:
            return KINDS[mutant.cases].run(case)
        except ERRORS as error:
            return (f"{type(error).__name__}: {error}",)


def first_seed(mutant: Mutant, seeds: range) -> Found:
    """The first seed at which the checker that is named finds it."""
    began_s, others = time.monotonic(), set[str]()
    seed, found, count = None, "", 0
    for one in seeds:
        count += 1
        case = KINDS[mutant.cases].draw(one)
        said = run(mutant, case)
        others |= kinds_of(said)
        by = [problem for problem in said if mutant.found_by in kinds_of((problem,))]
        if by and not run(mutant, case, plant=False):
            seed, found = one, by[0]
            break
    return Found(
        mutant=mutant.name,
        found_by=mutant.found_by,
        seed=seed,
        seeds_count=count,
        took_s=time.monotonic() - began_s,
        problem=found,
        others=tuple(sorted(others - {mutant.found_by})),
    )
