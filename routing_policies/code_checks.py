"""Checks a policy document, and takes it apart into what its code is written from.

Rule of this file: whatever could fail at call time is refused here, all of it at once, with place
and remedy. Forms are checked by `policy_kinds`, expressions by `expressions`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from routing_policies.code_parts import (
    HysteresisParts,
    LoanParts,
    PolicyParts,
    RuleParts,
)
from routing_policies.code_select_checks import SelectChecks
from routing_policies.errors import DocumentError, Fault, nearest
from routing_policies.expressions import Checked, Scope, check_expression
from routing_policies.kinds_base import Expression
from routing_policies.model import Feature
from routing_policies.names import name_id
from routing_policies.policy_kinds import Otherwise, RoutingPolicySpec, Rule
from routing_policies.selection import TRAITS
from routing_policies.vocabulary import Names, Unit

OTHERWISE = "otherwise"
"What a decision names when no rule decided."
_FOR_ROUTE = ("select", "candidates", "min_level", "adjust", "min_gain_s", "loan", "steps")
_OF_ACTION = {
    "announce": "announcement",
    "retry_after": "retry_after_s",
    "redirect": "to",
    "reject": "reason",
    "to_handler": "handler",
    "route": "select",
}
"What an action needs, and no other action takes."
_MAY_TAKE = {("callback", "announcement"), ("to_handler", "reason")}
"And may have, without need."


class PolicyChecks:
    """Goes through a policy once; collects faults, and what `PolicyParts` holds."""

    def __init__(self, source: str) -> None:
        self._source = source
        self.faults: list[Fault] = []
        self._features: dict[Feature, None] = {}
        self._reads: dict[str, None] = {}
        self._names: list[tuple[str, Names, str]] = []
        self._lists: list[tuple[str, str]] = []
        self._calendars: list[tuple[str, str]] = []
        self._announcements: list[tuple[str, str]] = []
        self._kept = 0
        self._row_kept = 0

    def parts(self, spec: RoutingPolicySpec) -> PolicyParts:
        """The policy taken apart. Raises DocumentError with every fault."""
        seen: dict[str, int] = {OTHERWISE: -1}
        rules = []
        for i, rule in enumerate(spec.rules):
            place = f"spec.rules[{i}]"
            if rule.name in seen:
                self._same_name(f"{place}.name", rule.name, seen[rule.name])
            seen.setdefault(rule.name, i)
            rules.append(self._rule(i, rule, place))
        self._action(spec.otherwise, "spec.otherwise")
        for i, case in enumerate(spec.tests):
            expected = case.expect.rule if case.expect else None
            if expected is not None and expected not in seen:
                near = nearest(expected, seen)
                remedy = (
                    f"did you mean {near}?" if near else f"there are: {', '.join(sorted(seen))}"
                )
                self.wrong(f"spec.tests[{i}].expect.rule", f"no rule is called {expected}", remedy)
        if self.faults:
            raise DocumentError(*self.faults)
        return PolicyParts(
            rules=tuple(rules),
            features=tuple(self._features),
            reads=tuple(self._reads),
            names=tuple(self._names),
            lists=tuple(self._lists),
            calendars=tuple(self._calendars),
            announcements=tuple(self._announcements),
            kept_count=self._kept,
            row_kept_count=self._row_kept,
        )

    # ---- what others add to while they check

    def wrong(self, place: str, problem: str, remedy: str) -> None:
        """One more fault."""
        self.faults.append(
            Fault(source=self._source, line=0, place=place, problem=problem, remedy=remedy)
        )

    def name(self, place: str, whose: Names, name: str) -> float:
        """A name that the network must know; its number."""
        self._names.append((place, whose, name))
        return name_id(name)

    def memory(self, *, kept: int, row_kept: int) -> tuple[int, int]:
        """Where that much memory stands: first number of Memory.kept, first column of row_kept; -1
        where none was asked for."""
        found = (self._kept if kept else -1, self._row_kept if row_kept else -1)
        self._kept += kept
        self._row_kept += row_kept
        return found

    def expression(
        self, value: Expression, scope: Scope, want: Unit | None, place: str
    ) -> Checked | None:
        """A checked expression; None if it is wrong, which is then among the faults."""
        try:
            checked = check_expression(
                value, scope=scope, want=want, place=place, source=self._source
            )
        except DocumentError as error:
            self.faults.extend(error.faults)
            return None
        self._reads.update(dict.fromkeys(checked.reads))
        self._names += [(place, whose, name) for whose, name in checked.names]
        self._features.update(dict.fromkeys(checked.features))
        self._lists += [(place, name) for name in checked.lists]
        self._calendars += [(place, name) for name in checked.calendars]
        return checked

    # ---- one rule

    def _rule(self, index: int, rule: Rule, place: str) -> RuleParts:
        self._action(rule, place)
        routes = rule.action == "route"
        if not routes:
            for key in sorted(rule.model_fields_set.intersection(_FOR_ROUTE)):
                problem = f"a rule with action {rule.action} chooses nothing"
                self.wrong(f"{place}.{key}", problem, f"remove {key}, or write action: route")
        when = None
        if rule.when is not True:
            when = self.expression(rule.when, Scope.WHEN, Unit.YES_NO, f"{place}.when")
        hysteresis = self._hysteresis(rule, place)
        parts = RuleParts(index=index, action=rule.action, when=when, hysteresis=hysteresis)
        if rule.to is not None and rule.action == "redirect":
            site = self.name(f"{place}.to.site", Names.SITE, rule.to.site)
            queue = self.name(f"{place}.to.queue", Names.QUEUE, rule.to.queue)
            return replace(parts, target=(site, queue))
        if rule.handler is not None and rule.action == "to_handler":
            feature = Feature(kind="handler", args=(rule.handler,))
            self._features.setdefault(feature)
            return replace(parts, handler=feature)
        return self._route(rule, place, parts) if routes and rule.select else parts

    def _route(self, rule: Rule, place: str, parts: RuleParts) -> RuleParts:
        assert rule.select is not None
        selections = SelectChecks(self).selections(rule.select, f"{place}.select")
        bys = [selection.by for selection in selections]
        candidates, levels, gains = self._steps(rule, place)
        adjust = self._adjust(rule, place, bys) if selections else None
        if selections:
            self._fits(rule, place, bys, [one for _, one in candidates], levels)
        loan = LoanParts(
            max_loan=rule.loan.max_loan,
            min_reserve=rule.loan.min_reserve or None,
            service_level_min=rule.loan.service_level_min or None,
        )
        return replace(
            parts,
            candidates=candidates,
            min_level=levels,
            min_gain_s=gains,
            adjust=adjust,
            selections=selections,
            loan=loan,
        )

    def _candidates(self, value: Expression, place: str) -> Checked | None:
        if value is True:
            return None
        return self.expression(value, Scope.CANDIDATES, Unit.YES_NO, place)

    def _hysteresis(self, rule: Rule, place: str) -> HysteresisParts | None:
        if rule.hysteresis is None:
            return None
        place += ".hysteresis"
        wanted = rule.hysteresis
        if wanted.off_below >= wanted.on_above:
            problem = f"off_below {wanted.off_below:g} is not under on_above {wanted.on_above:g}"
            self.wrong(f"{place}.off_below", problem, "make it smaller, so that the rule holds on")
        value = self.expression(wanted.value, Scope.HYSTERESIS, None, f"{place}.value")
        if value is None:
            return None
        _, column = self.memory(kept=0, row_kept=1)
        return HysteresisParts(
            value=value,
            on_above=wanted.on_above,
            off_below=wanted.off_below,
            row_kept=column,
        )

    def _adjust(self, rule: Rule, place: str, bys: Sequence[str]) -> Checked | None:
        if rule.adjust in (0, False) and not isinstance(rule.adjust, bool):
            return None
        place += ".adjust"
        units = {unit for by in bys if (unit := TRAITS[by].adjusted) is not None}
        if not units:
            self.wrong(place, f"{' and '.join(bys)} takes no adjust", "remove adjust")
            return None
        if len(units) > 1:
            problem = f"would be seconds for one of {' and '.join(bys)}, money for the other"
            self.wrong(place, problem, "write two rules")
            return None
        checked = self.expression(rule.adjust, Scope.ADJUST, units.pop(), place)
        of_agents = all(TRAITS[by].of_agents for by in bys if TRAITS[by].adjusted)
        if checked is not None and reads_agent(checked) and not of_agents:
            problem = "reads an agent, and the rule may choose a place where no agent is ready"
            self.wrong(place, problem, "adjust by the queue or the site")
        return checked

    def _steps(
        self, rule: Rule, place: str
    ) -> tuple[
        tuple[tuple[float, Checked | None], ...],
        tuple[tuple[float, float], ...],
        tuple[tuple[float, float], ...],
    ]:
        candidates = [(0.0, self._candidates(rule.candidates, f"{place}.candidates"))]
        levels = [(0.0, float(rule.min_level or 0))]
        gains = [(0.0, rule.min_gain_s)]
        before_s = -1.0
        for i, step in enumerate(rule.steps):
            here = f"{place}.steps[{i}]"
            if step.after_s <= before_s:
                problem = f"after_s {step.after_s:g} is not above {before_s:g} of the step before"
                self.wrong(f"{here}.after_s", problem, "order the steps by after_s")
            before_s = step.after_s
            if step.candidates is None and step.min_level is None and step.min_gain_s is None:
                self.wrong(here, "changes nothing", "add candidates, min_level or min_gain_s")
            if step.candidates is not None:
                found = self._candidates(step.candidates, f"{here}.candidates")
                candidates.append((step.after_s, found))
            if step.min_level is not None:
                levels.append((step.after_s, float(step.min_level)))
            if step.min_gain_s is not None:
                gains.append((step.after_s, step.min_gain_s))
        return tuple(candidates), tuple(levels), tuple(gains)

    def _fits(
        self,
        rule: Rule,
        place: str,
        bys: Sequence[str],
        candidates: Sequence[Checked | None],
        levels: Sequence[tuple[float, float]],
    ) -> None:
        if not any(TRAITS[by].gains for by in bys):
            problem = f"{' and '.join(bys)} compares no waits, so min_gain_s has no effect"
            if rule.min_gain_s:
                self.wrong(f"{place}.min_gain_s", problem, "remove it, or select by a delay")
            for i, step in enumerate(rule.steps):
                if step.min_gain_s is not None:
                    self.wrong(f"{place}.steps[{i}].min_gain_s", problem, "remove it")
        rings_all = [by for by in bys if not TRAITS[by].holds_agent]
        if not rings_all:
            return
        problem = (
            f"{rings_all[0]} rings all ready agents of a queue, so it cannot choose among them"
        )
        if any(level for _, level in levels):
            self.wrong(f"{place}.min_level", problem, "remove min_level")
        if any(one is not None and reads_agent(one) for one in candidates):
            self.wrong(f"{place}.candidates", problem, "leave agent.* out")

    # ---- actions

    def _action(self, rule: Rule | Otherwise, place: str) -> None:
        action = rule.action
        last = isinstance(rule, Otherwise)
        if last and action in ("route", "redirect", "to_handler"):
            problem = f"{action} may find nobody, and what stands here must always work"
            self.wrong(f"{place}.action", problem, f"make it the last rule, and {_INSTEAD}")
            return
        for owner, key in _OF_ACTION.items():
            value = getattr(rule, key, None)
            if (action, key) in _MAY_TAKE:
                continue
            if owner == action and value is None:
                self.wrong(
                    f"{place}.{key}", f"a rule with action {action} needs {key}", f"add {key}"
                )
            elif owner != action and value is not None and key not in _FOR_ROUTE:
                problem = f"action {action} takes no {key}"
                self.wrong(f"{place}.{key}", problem, f"remove {key}, or write action: {owner}")
        if rule.announcement is not None:
            self._announcements.append((f"{place}.announcement", rule.announcement))

    def _same_name(self, place: str, name: str, index: int) -> None:
        if name == OTHERWISE:
            self.wrong(place, "otherwise is what comes after all rules", "choose another name")
        else:
            self.wrong(place, f"spec.rules[{index}] is called {name} too", "rename one")


_INSTEAD = "write network_queue, queue_at_origin, announce, retry_after, reject or callback"


def reads_agent(checked: Checked) -> bool:
    """Must it be worked out for each agent?"""
    return any(table == "A" for table, _ in checked.columns)
