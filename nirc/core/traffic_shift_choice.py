"""Decides who gets a caller whom a traffic shift means: an agent first, else the shortest wait.

Rule of this file: pure. An operator's order goes before the policy's choice, and not before what no
policy may overrule: barred ways stay barred.
"""

from __future__ import annotations

from math import inf

from nirc.core.active_policy import ActivePolicy
from nirc.core.black_holes import BlackHoles
from nirc.core.choice import Choice, Question, Target
from nirc.core.controls import Controls
from nirc.core.hole_bars import spared
from nirc.core.network_state import NetworkState
from nirc.core.paths import without_failed
from nirc.core.traffic_shift import TrafficShift
from routing_policies import columns as c
from routing_policies.compiler import CompiledPolicy
from routing_policies.model import QueueColumns


class ShiftChoice:
    """Says where callers go whom a shift means."""

    __slots__ = ("_active", "_controls", "_holes", "_network")

    def __init__(
        self, active: ActivePolicy, network: NetworkState, controls: Controls, holes: BlackHoles
    ) -> None:
        self._active = active
        self._network = network
        self._controls = controls
        self._holes = holes

    def choice(self, question: Question, policy: CompiledPolicy, mode: str) -> Choice | None:
        """Targets by a shift; None where none means the caller, or it has nobody: then the policy
        is asked."""
        shifts, request = self._controls.shifts, question.request
        if not shifts.standing or request.callback:
            return None
        unix_s = self._active.hours.unix_s(question.now_s)
        place = (question.origin, request.service, request.queue)
        shift = shifts.meaning(*place, request.interaction_id, unix_s)
        if shift is None:
            return None
        names = (policy.name, policy.version)
        choice = shifted_choice(shift, question, self._network.table.columns, names, mode)
        if choice is None:
            return None
        choice.priority = request.priority
        choice.controls = self._controls.concerning(
            question.origin, request.service, question.ways.sites
        )
        for target in choice.targets:
            target.ladder = without_failed(target.ladder, request.failed_ways)
            if self._holes.standing:
                target.ladder = spared(self._holes, target.ladder, target.site, question.now_s)
        return choice


def shifted_choice(
    shift: TrafficShift,
    question: Question,
    columns: QueueColumns,
    policy: tuple[str, int],
    mode: str,
) -> Choice | None:
    """The targets of the shift, best first; None where it has none: the policy decides then.
    `policy`: name and version of the one that would."""
    ways, queues = question.ways, columns.queues
    found: list[tuple[float, float, str, Target]] = []
    for k, row in enumerate(ways.rows):
        site = ways.sites[k]
        if question.barred[k] or not shift.goes_to(site) or not _takes(queues, row):
            continue
        ladder, slot = ways.ladders[k], int(queues[c.Q_FIRST_READY][row])
        if queues[c.Q_LENDABLE][row] > 0 and slot >= 0 and not ways.place_only[k]:
            free = queues[c.Q_LENDABLE][row] / max(queues[c.Q_STAFFED][row], 1.0)
            target = Target(site, ways.queues[k], row, True, free, ladder)
            target.agent = columns.agent_names[slot]
            found.append((0.0, -free, site, target))
        elif queues[c.Q_PLACES_FREE][row] > 0 and queues[c.Q_STAFFED][row] > 0:
            wait_s = _wait_s(queues, row)
            target = Target(site, ways.queues[k], row, False, wait_s, ladder)
            found.append((1.0, wait_s, site, target))
    if not found:
        return None
    found.sort(key=lambda one: one[:3])
    name = f"control {shift.shift_id}"
    return Choice(
        *policy,
        f"{name}: calls are shifted from {shift.from_site}",
        mode,
        targets=[target for *_, target in found],
        rules=((name, "decided"),),
    )


def _takes(queues: list[list[float]], row: int) -> bool:
    """Does the queue serve callers of other sites?"""
    return bool(queues[c.Q_OPEN][row] and queues[c.Q_SHARED][row] and queues[c.Q_ACCEPTING][row])


def _wait_s(queues: list[list[float]], row: int) -> float:
    """How long one who comes last waits, about: those before them, in turn to all agents."""
    agents = queues[c.Q_STAFFED][row] - queues[c.Q_NOT_READY][row]
    if agents <= 0:
        return inf
    return (queues[c.Q_WAITING][row] + 1.0) * queues[c.Q_AHT_S][row] / agents
