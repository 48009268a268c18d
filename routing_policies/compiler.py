"""Turns a checked policy document into the function that decides.

Rule of this file: whatever could fail at call time is refused here, with the place of the rule. A
compiled policy always ends, has no side effects, and falls through to staying.
"""

from __future__ import annotations

from collections.abc import Sequence

from routing_policies import columns as c
from routing_policies.errors import DocumentError, Fault
from routing_policies.interim import Call, Search, Verdict
from routing_policies.kinds import RoutingPolicyDoc, Rule
from routing_policies.model import QueueColumns
from routing_policies.selection import SELECTIONS, Selection


class CompiledPolicy:
    """A policy ready to decide. `version` is etcd's revision of the document, 0 if built in."""

    __slots__ = ("_rules", "name", "version")

    def __init__(self, name: str, version: int, rules: Sequence[CompiledRule]) -> None:
        self.name = name
        self.version = version
        self._rules = tuple(rules)

    def decide(self, call: Call, columns: QueueColumns) -> Verdict:
        """The first rule that decides, with the reasons of those before it."""
        tried: list[str] = []
        lost: dict[int, str] = {}
        rows: list[int] | None = None
        for rule in self._rules:
            tried.append(rule.name)
            if rule.needs_own_agent and not _origin_agent_ready(call, columns):
                continue
            if rule.select is None:
                return Verdict("stay", rule.name, tuple(tried), [], lost)
            if rows is None:
                rows = _open_shared(call, columns, lost)
            found = rule.select(Search(call, columns, rows, rule.min_gain_s, rule.adjust_s, lost))
            if found:
                return Verdict("route", rule.name, tuple(tried), found, lost, rule.selection)
        return Verdict("stay", "otherwise", tuple(tried), [], lost)


class CompiledRule:
    """One rule, its words looked up."""

    __slots__ = ("adjust_s", "min_gain_s", "name", "needs_own_agent", "select", "selection")

    def __init__(self, rule: Rule, select: Selection | None) -> None:
        self.name = rule.name
        self.needs_own_agent = rule.when is not True
        self.select = select
        self.selection = (rule.select and rule.select.by) or ""
        self.min_gain_s = rule.min_gain_s
        self.adjust_s = float(rule.adjust)


def compile_policy(document: RoutingPolicyDoc, version: int, *, source: str) -> CompiledPolicy:
    """The policy as a function. Raises DocumentError with all faults."""
    faults = [fault for i, r in enumerate(document.spec.rules) for fault in _faults(i, r, source)]
    names = [rule.name for rule in document.spec.rules]
    for i, name in enumerate(names):
        if name in names[:i]:
            place = f"spec.rules[{i}].name"
            faults.append(_fault(source, place, f"two rules are called {name}", "rename one"))
    if faults:
        raise DocumentError(*faults)
    rules = [
        CompiledRule(rule, SELECTIONS.get((rule.select and rule.select.by) or ""))
        for rule in document.spec.rules
    ]
    return CompiledPolicy(document.name, version, rules)


def _faults(index: int, rule: Rule, source: str) -> list[Fault]:
    place = f"spec.rules[{index}]"
    faults = []
    if rule.action == "route":
        for key in ("select",):
            if getattr(rule, key) is None:
                problem = f"a rule that routes needs `{key}`"
                faults.append(_fault(source, f"{place}.{key}", problem, f"add {key}"))
    elif rule.select is not None:
        problem = "a rule that does not route chooses nothing"
        faults.append(_fault(source, place, problem, "remove select"))
    return faults


def _fault(source: str, place: str, problem: str, remedy: str) -> Fault:
    return Fault(source=source, line=0, place=place, problem=problem, remedy=remedy)


def _origin_agent_ready(call: Call, columns: QueueColumns) -> bool:
    return call.origin_row > 0 and columns.free_count[call.origin_row] > 0


def _open_shared(call: Call, columns: QueueColumns, lost: dict[int, str]) -> list[int]:
    rows = []
    barred = call.barred
    for row in call.rows:
        if row in barred:
            lost[row] = barred[row]
        elif not columns.open[row]:
            lost[row] = "closed"
        elif not columns.queues[c.Q_SHARED][row]:
            lost[row] = "not shared"
        else:
            rows.append(row)
    return rows
