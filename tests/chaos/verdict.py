"""Judges one chaos run: what the sites wrote, what the phones saw, and what is left over.

Rule of this file: pure but for reading the files it is given. What a killed site agent cut is set
apart by its time and place, never by its looks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from simulator.checkers import verdict as checkers
from simulator.checkers.bounds import REAL
from simulator.checkers.faults_told import BEGUN, ENDED, SLOW
from simulator.checkers.restarts import CUT, STARTED
from simulator.history import Line, Violation

HOME_DELAY_S_MAX = 1.2
"From the offer to the talk with an idle agent at home: a phone rings up to 0.4 s; two busy cores."
IDLE_S_MIN = 1.5
"An agent who has been free so long is past the work after a call."

Cut = tuple[str, float, float]
CLOSED_BY = {
    "hold": ("hold_ended", "token"),
    "move_started": ("move_ended", "token"),
    "agent_call": ("agent_free", "agent"),
    "call_offered": ("call_ended", "call"),
    "call_arriving": ("call_ended", "call"),
    "request_begun": ("request_ended", "request"),
}


@dataclass(slots=True)
class Judgement:
    """What was found; `complaints` is empty when all was well."""

    complaints: list[str] = field(default_factory=list)
    numbers: dict[str, Any] = field(default_factory=dict)


def judge(
    lines: Sequence[Line],
    *,
    results: Sequence[Mapping[str, Any]],
    cuts: Sequence[Cut],
    without_nodes: Sequence[tuple[float, float]],
) -> Judgement:
    """Everything that can be judged from the histories and the phones' results."""
    found = Judgement()
    whole, cut = close_what_was_cut(lines, cuts)
    result = checkers.verdict(whole, REAL)
    violations = [one for one in result.violations if not _is_of(one, cut)]
    found.complaints += [
        f"{one.at_s:.3f} {one.site} {one.invariant}: {one.text}" for one in violations
    ]
    found.numbers["checkers"] = dict(Counter(one.invariant for one in violations))
    found.numbers["moves"] = result.moves
    found.numbers["not_judged"] = [name for name, n in result.looked_at.items() if not n]
    found.numbers["late"] = {name: [late.count, late.worst_s] for name, late in result.late.items()}
    known = {line.text("interaction") for line in lines}
    sites_cut = {site for site, _, _ in cuts}
    away = {
        str(one["interaction_id"])
        for one in results
        if one["site"] in sites_cut and one["interaction_id"] not in known
    }
    _judge_phones(found, results, cut | away)
    _judge_home(found, lines, without_nodes, cuts)
    return found


def told_faults(faults: Iterable[tuple[str, float, float]], nodes_count: int) -> list[Line]:
    """Lines of faults that no process was ended by: (what, from, until). They may have made
    anything slow, so only what comes after them is judged by the clock of leaders."""
    lines = []
    for number, (what, from_s, until_s) in enumerate(faults):
        name = f"told.{number}"
        begun = {"fault": name, "what": what, "effect": SLOW, "nodes_count": nodes_count}
        lines.append(Line(at_s=from_s, site="", kind=BEGUN, fields=begun))
        lines.append(Line(at_s=until_s, site="", kind=ENDED, fields={"fault": name}))
    return lines


def _is_of(violation: Violation, cut: frozenset[str]) -> bool:
    return any(interaction in violation.text for interaction in cut)


def close_what_was_cut(
    lines: Sequence[Line], cuts: Sequence[Cut]
) -> tuple[list[Line], frozenset[str]]:
    """Add the endings that a killed site agent could not write; the interactions it cut.

    One that was started again tells itself what it took up and what ended (`site_started`).
    """
    whole = list(lines)
    interactions: set[str] = set()
    for site, at_s, _ in sorted(cuts, key=lambda cut: cut[1]):
        whole.sort(key=lambda line: line.at_s)
        own = [one for one in whole if one.site == site]
        started_again = any(one.kind == STARTED and one.at_s > at_s for one in own)
        for line in _open_of(one for one in own if one.at_s <= at_s):
            if line.text("interaction"):
                interactions.add(line.text("interaction"))
            if started_again:
                continue
            kind, name = CLOSED_BY[line.kind]
            fields = {**line.fields, name: line.text(name), "released_by": "caller"}
            fields |= {"why": "lost", "outcome": "caller_gone", "how": CUT}
            whole.append(Line(at_s=at_s, site=site, kind=kind, fields=fields))
    whole.sort(key=lambda line: line.at_s)
    return whole, frozenset(interactions)


def _open_of(lines: Iterable[Line]) -> list[Line]:
    left: dict[tuple[str, str], Line] = {}
    for line in lines:
        if line.kind in CLOSED_BY:
            if line.text("verdict") != "refused":
                kind, name = CLOSED_BY[line.kind]
                left[(kind, line.text(name))] = line
        else:
            for kind, name in CLOSED_BY.values():
                if kind == line.kind:
                    left.pop((kind, line.text(name)), None)
    return list(left.values())


def _judge_phones(
    found: Judgement, results: Sequence[Mapping[str, Any]], cut: frozenset[str]
) -> None:
    counts = Counter[str]()
    moved = Counter[str]()
    for one in results:
        outcome = str(one["outcome"])
        if outcome in ("lost", "failed", "open") and one["interaction_id"] in cut:
            outcome = "cut_with_site"
        counts[outcome] += 1
        moved[str(one["moved"])] += 1
        where = f"call {one['number']} {one['interaction_id']} ({one['site']}/{one['trunk_group']})"
        if outcome in ("lost", "failed", "open"):
            found.complaints.append(f"phones: {where} {outcome}: {one['status']} {one['why']}")
        elif outcome == "served" and one["why"]:
            found.complaints.append(f"phones: {where} served, but {one['why']}")
        if one["data_checked"] and one["data_received"] and not one["data_intact"]:
            found.complaints.append(f"phones: {where} got other data than was sent")
    found.numbers["outcomes"] = dict(counts)
    found.numbers["moved"] = dict(moved)
    found.numbers["data_absent"] = sum(
        bool(one["data_checked"]) and not one["data_intact"] for one in results
    )


@dataclass(slots=True)
class _Floor:
    """What one site's history says of its agents and waiting calls, as it is read."""

    busy: set[str] = field(default_factory=set)
    free_since_s: dict[str, float] = field(default_factory=dict)
    waiting: dict[str, float] = field(default_factory=dict)

    def has_idle(self, now_s: float) -> bool:
        """Whether some agent has surely been ready for long."""
        return any(
            now_s - since_s > IDLE_S_MIN
            for agent, since_s in self.free_since_s.items()
            if agent not in self.busy
        )


def _judge_home(
    found: Judgement,
    lines: Sequence[Line],
    without_nodes: Sequence[tuple[float, float]],
    cuts: Sequence[Cut],
) -> None:
    """Where an agent at home is idle and nobody waits, a caller talks at once, NIRC or not."""
    delays: dict[bool, list[float]] = {True: [], False: []}
    for site in {line.site for line in lines}:
        if any(one == site for one, _, _ in cuts):
            continue
        for at_s, delay_s, call in _home_delays(line for line in lines if line.site == site):
            alone = any(begin <= at_s <= end for begin, end in without_nodes)
            delays[alone].append(delay_s)
            if alone and delay_s > HOME_DELAY_S_MAX:
                found.complaints.append(f"{at_s:.3f} {site} S9: call {call} waited {delay_s:.2f} s")
    for alone, name in ((True, "home_delay_alone_s"), (False, "home_delay_s")):
        if delays[alone]:
            ordered = sorted(delays[alone])
            found.numbers[name] = [
                len(ordered),
                round(ordered[len(ordered) // 2], 3),
                round(ordered[-1], 3),
            ]


def _home_delays(lines: Iterable[Line]) -> list[tuple[float, float, str]]:
    """(offered at, seconds to the talk, call) of calls that found an idle agent and no queue."""
    floor, asked, delays = _Floor(), dict[str, float](), list[tuple[float, float, str]]()
    for line in lines:
        call, agent = line.text("call"), line.text("agent")
        if line.kind == "call_offered":
            if not floor.waiting and floor.has_idle(line.at_s):
                asked[call] = line.at_s
            floor.waiting[call] = line.at_s
        elif line.kind == "call_arriving":
            floor.waiting[call] = line.at_s
        elif line.kind == "call_ended":
            floor.waiting.pop(call, None)
            asked.pop(call, None)
        elif line.kind == "call_connected":
            floor.waiting.pop(call, None)
            if call in asked:
                at_s = asked.pop(call)
                delays.append((at_s, line.at_s - at_s, call))
        if line.kind in ("agent_call", "hold") and agent:
            floor.busy.add(agent)
        elif line.kind in ("agent_free", "hold_ended") and agent:
            floor.busy.discard(agent)
            floor.free_since_s[agent] = line.at_s
    return delays
