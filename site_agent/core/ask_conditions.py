"""A site's rules about asking, checked and compiled when the file is read.

Rule of this file: what expressions mean is `routing_policies`' business; here a queue's figures and
a call are laid out for them. A rule whose values are missing does not hold.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from routing_policies.errors import DocumentError, Fault
from routing_policies.kinds_base import Expression
from routing_policies.policy_kinds import OverflowRulesDoc


@dataclass(frozen=True, slots=True, kw_only=True)
class AskFacts:
    """What a condition is decided on."""

    now_s: float


Condition = Callable[[AskFacts], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class AskRule:
    """One rule: while `holds`, NIRC is asked, or is not."""

    name: str
    holds: Condition
    ask: bool


AskRules = tuple[AskRule, ...]


def compiled(document: OverflowRulesDoc, *, source: str) -> Mapping[str, AskRules]:
    """The ask rules of each queue named. Raises DocumentError with every fault."""
    faults: list[Fault] = []
    found: dict[str, AskRules] = {}
    for i, entry in enumerate(document.spec.queues):
        rules: list[AskRule] = []
        for j, rule in enumerate(entry.ask):
            place = f"spec.queues[{i}].ask[{j}].when"
            try:
                condition = _condition(rule.when, source=source, place=place)
            except DocumentError as error:
                faults.extend(error.faults)
                continue
            rules.append(AskRule(name=rule.name, holds=condition, ask=rule.ask))
        found[entry.queue] = tuple(rules)
    if faults:
        raise DocumentError(*faults)
    return found


def asks(rules: AskRules, facts: AskFacts) -> bool:
    """The first rule that holds decides; with none listed NIRC is asked, with none holding not."""
    for rule in rules:
        if rule.holds(facts):
            return rule.ask
    return not rules


def _condition(when: Expression, *, source: str, place: str) -> Condition:
    if isinstance(when, bool):
        return lambda facts: when
    problem = "expressions are not available yet"
    fault = Fault(source=source, line=0, place=place, problem=problem, remedy="write true or false")
    raise DocumentError(fault)
