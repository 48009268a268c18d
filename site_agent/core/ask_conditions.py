"""A site's rules about asking, checked and compiled when the file is read.

Rule of this file: what expressions mean is `routing_policies`' business; here they are put in
order, per queue. A rule whose values are missing does not hold.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from routing_policies.conditions import Condition, compile_condition, features_of
from routing_policies.errors import DocumentError, Fault
from routing_policies.expressions import Checked, Scope, Unit, check_expression
from routing_policies.model import Feature
from routing_policies.policy_kinds import AskRule, OverflowRulesDoc


@dataclass(frozen=True, slots=True, kw_only=True)
class AskRules:
    """The rules of one queue, in order."""

    rules: tuple[tuple[str, Condition, bool], ...] = ()
    "Name, when it holds, and whether NIRC is asked then."
    features: tuple[Feature, ...] = ()
    "What their conditions need of a call beyond columns; the call vector ends with these."

    def say(self, now_s: float, row: Sequence[float], call: Sequence[float]) -> bool:
        """Shall NIRC be asked? The first rule that holds decides; with none holding it is not."""
        for _, holds, ask in self.rules:
            if holds(now_s, row, call):
                return ask
        return not self.rules


NO_RULES = AskRules()


@dataclass(frozen=True, slots=True, kw_only=True)
class HandlerRules:
    """To which handlers callers of one queue go, in order."""

    rules: tuple[tuple[Condition, str, str], ...] = ()
    "When it holds, which handler, and why, as it is told there."
    features: tuple[Feature, ...] = ()

    def say(
        self, now_s: float, row: Sequence[float], call: Sequence[float]
    ) -> tuple[tuple[str, str], ...]:
        """(handler, reason) of every rule that holds, in order."""
        return tuple(
            (name, reason) for holds, name, reason in self.rules if holds(now_s, row, call)
        )


NO_HANDLERS = HandlerRules()


def compiled(document: OverflowRulesDoc, *, source: str) -> Mapping[str, AskRules]:
    """The ask rules of each queue named. Raises DocumentError with every fault, without lines."""
    faults: list[Fault] = []
    found: dict[str, AskRules] = {}
    for i, entry in enumerate(document.spec.queues):
        checked: list[tuple[AskRule, Checked]] = []
        for j, rule in enumerate(entry.ask):
            place = f"spec.queues[{i}].ask[{j}].when"
            try:
                condition = check_expression(
                    rule.when, scope=Scope.ASK, want=Unit.YES_NO, place=place, source=source
                )
                checked.append((rule, condition))
            except DocumentError as error:
                faults.extend(error.faults)
        found[entry.queue] = _rules_of(checked)
    if faults:
        raise DocumentError(*faults)
    return found


def compiled_handlers(document: OverflowRulesDoc, *, source: str) -> Mapping[str, HandlerRules]:
    """The handlers of each queue named. Raises DocumentError with every fault, without lines."""
    faults: list[Fault] = []
    found: dict[str, HandlerRules] = {}
    for i, entry in enumerate(document.spec.queues):
        checked: list[Checked] = []
        for j, rule in enumerate(entry.to_handler):
            place = f"spec.queues[{i}].to_handler[{j}].when"
            try:
                checked.append(
                    check_expression(
                        rule.when, scope=Scope.ASK, want=Unit.YES_NO, place=place, source=source
                    )
                )
            except DocumentError as error:
                faults.extend(error.faults)
        if len(checked) == len(entry.to_handler):
            features = features_of(checked)
            rules = tuple(
                (compile_condition(condition, features), rule.handler, rule.reason or "")
                for condition, rule in zip(checked, entry.to_handler, strict=True)
            )
            found[entry.queue] = HandlerRules(rules=rules, features=features)
    if faults:
        raise DocumentError(*faults)
    return found


def _rules_of(checked: Sequence[tuple[AskRule, Checked]]) -> AskRules:
    features = features_of([condition for _, condition in checked])
    rules = tuple(
        (rule.name, compile_condition(condition, features), rule.ask) for rule, condition in checked
    )
    return AskRules(rules=rules, features=features)
