"""Checks the `select` of a rule and takes it apart.

Rule of this file: parameters, names, weights and memory of selections; what of a rule goes with
which selection is judged by `code_checks`.
"""

from __future__ import annotations

from typing import Protocol

from routing_policies.code_parts import SelectionParts
from routing_policies.expressions import Checked, Scope
from routing_policies.kinds_base import Expression
from routing_policies.policy_kinds import Select, SelectBy
from routing_policies.selection import PARAMETERS, TRAITS, mistakes
from routing_policies.vocabulary import Names, Unit


class Collects(Protocol):
    """What is found is told to this one."""

    def wrong(self, place: str, problem: str, remedy: str) -> None: ...

    def name(self, place: str, whose: Names, name: str) -> float: ...

    def memory(self, *, kept: int, row_kept: int) -> tuple[int, int]: ...

    def expression(
        self, value: Expression, scope: Scope, want: Unit | None, place: str
    ) -> Checked | None: ...


class SelectChecks:
    """One `select`."""

    def __init__(self, collects: Collects) -> None:
        self._collects = collects

    def selections(self, select: Select, place: str) -> tuple[SelectionParts, ...]:
        """One selection, two with regimes, none where something is wrong."""
        wrong = self._collects.wrong
        if select.regimes is None:
            return (self._selection(select, place),)
        for key in ("by", *PARAMETERS):
            if getattr(select, key) is not None:
                problem = f"{key} stands beside agents_wait and calls_wait"
                wrong(f"{place}.{key}", problem, "write it inside one of them")
        regimes = select.regimes
        if TRAITS[regimes.calls_wait.by].of_agents:
            problem = f"{regimes.calls_wait.by} needs a ready agent, and there none is"
            wrong(f"{place}.calls_wait", problem, "write one that ranks queues, min_expected_delay")
        return (
            self._selection(regimes.agents_wait, f"{place}.agents_wait"),
            self._selection(regimes.calls_wait, f"{place}.calls_wait"),
        )

    def _selection(self, select: Select | SelectBy, place: str) -> SelectionParts:
        assert select.by is not None
        collects = self._collects
        for below, problem, remedy in mistakes(select):
            collects.wrong(f"{place}.{below}" if below else place, problem, remedy)
        traits = TRAITS[select.by]
        kept, row_kept = collects.memory(kept=traits.kept, row_kept=traits.rows_kept)
        sites = [
            collects.name(f"{place}.sites[{i}]", Names.SITE, site)
            for i, site in enumerate(select.sites or ())
        ]
        shares = [
            (collects.name(f"{place}.shares.{site}", Names.SITE, site), share)
            for site, share in (select.shares or {}).items()
        ]
        at = f"{place}.site"
        return SelectionParts(
            by=select.by,
            measure="" if select.measure in (None, *traits.measures[:1]) else select.measure or "",
            sites=tuple(sites),
            shares=tuple(shares),
            weight=self._weight(select.weight, f"{place}.weight"),
            site=collects.name(at, Names.SITE, select.site) if select.site is not None else 0.0,
            threshold_s=select.threshold_s,
            kept=kept,
            row_kept=row_kept,
        )

    def _weight(self, weight: Expression | None, place: str) -> Checked | None:
        if weight is None:
            return None
        checked = self._collects.expression(weight, Scope.WEIGHT, None, place)
        if checked is not None and any(table == "A" for table, _ in checked.columns):
            problem = "reads an agent, and a share is a queue's"
            self._collects.wrong(place, problem, "weigh by the queue or the site")
        return checked
