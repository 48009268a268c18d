"""Lint of one routing policy: rules that never decide, traps in waiting times, calls in circles.

Rule of this file: each check is one function from a document to findings.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from routing_policies.kinds import RoutingPolicyDoc, Rule
from routing_policies.lint_conditions import Condition, condition_of
from routing_policies.lint_findings import Finding, Severity

ENDS = ("network_queue", "queue_at_origin", "announce", "retry_after", "reject", "callback")
"Actions that always succeed, so that no later rule is tried."
DELAYS = ("min_expected_delay", "preferred_site", "service_level_risk")
ASKED_MAX = 5
"Targets that the router asks for one request at most."
STEP_LATE_S = 300.0
"Nearly every caller has given up by then."

Check = Callable[[RoutingPolicyDoc], Iterator[Finding]]


def policy_findings(document: RoutingPolicyDoc, source: str) -> list[Finding]:
    """Everything to be said about one policy, in the order of its rules as far as it can be."""
    teller = _Teller(source)
    return [
        *_unreachable(document, teller),
        *_impossible(document, teller),
        *_twice(document, teller),
        *_waiting(document, teller),
        *_steps(document, teller),
        *_choices(document, teller),
        *_circles(document, teller),
        *_queued_for_ever(document, teller),
        *_whole(document, teller),
    ]


class _Teller:
    """Makes findings about one document."""

    def __init__(self, source: str) -> None:
        self._source = source

    def __call__(
        self, code: str, severity: Severity, place: str, problem: str, remedy: str
    ) -> Finding:
        return Finding(
            code=code,
            severity=severity,
            source=self._source,
            place=place,
            problem=problem,
            remedy=remedy,
        )


def _conditions(document: RoutingPolicyDoc) -> list[Condition]:
    return [condition_of(rule.when) for rule in document.spec.rules]


def _unreachable(document: RoutingPolicyDoc, tell: _Teller) -> Iterator[Finding]:
    """A rule behind one that holds whenever it does, and always ends the search."""
    rules, conditions = document.spec.rules, _conditions(document)
    for i, rule in enumerate(rules):
        for earlier in range(i):
            ends = rules[earlier].action in ENDS and rules[earlier].hysteresis is None
            if ends and conditions[earlier].follows_from(conditions[i]):
                name = rules[earlier].name
                problem = f"rule {rule.name} is never reached: {name} holds whenever it does"
                remedy = f"move it above {name}, or narrow {name}"
                yield tell("unreachable-rule", "error", f"spec.rules[{i}]", problem, remedy)
                break


def _impossible(document: RoutingPolicyDoc, tell: _Teller) -> Iterator[Finding]:
    for i, rule in enumerate(document.spec.rules):
        for key in ("when", "candidates"):
            name = condition_of(getattr(rule, key)).never()
            if name:
                why = "" if name == "false" else f": nothing satisfies all it says of {name}"
                problem = f"can never hold{why}"
                place = f"spec.rules[{i}].{key}"
                yield tell("never-holds", "error", place, problem, "correct it, or remove the rule")


def _twice(document: RoutingPolicyDoc, tell: _Teller) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for i, rule in enumerate(document.spec.rules):
        form = rule.model_dump_json(exclude={"name", "description"})
        if form in seen:
            problem = f"rule {rule.name} says the same as {seen[form]}"
            yield tell("same-rule", "warning", f"spec.rules[{i}]", problem, "remove one of them")
        seen.setdefault(form, rule.name)


def _waiting(document: RoutingPolicyDoc, tell: _Teller) -> Iterator[Finding]:
    """Conditions on running times that hold for an instant only; waits without an end."""
    for i, rule in enumerate(document.spec.rules):
        place = f"spec.rules[{i}]"
        for name in _running_equals(rule):
            problem = (
                f"{name} == ... holds for an instant only, so hardly ever when it is looked at"
            )
            remedy = "compare with > or <"
            yield tell("instant", "warning", f"{place}.when", problem, remedy)
        condition = condition_of(rule.when)
        if rule.action == "retry_after" and "call.waited_s" not in condition.ranges:
            problem = "asks again and again without end: nothing bounds the caller's wait"
            remedy = "add `call.waited_s < ...` to when, and a rule for those who waited longer"
            yield tell("endless-wait", "warning", place, problem, remedy)
        if rule.action == "reject" and condition.always():
            problem = "refuses every call that comes so far"
            yield tell("rejects-all", "warning", place, problem, "say when")


def _running_equals(rule: Rule) -> list[str]:
    if not isinstance(rule.when, str):
        return []
    try:
        tree = ast.parse(rule.when.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    return [
        ast.unparse(node.left)
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare)
        and isinstance(node.ops[0], ast.Eq)
        and ast.unparse(node.left).endswith("_s")
        and not (
            isinstance(node.comparators[0], ast.Constant) and node.comparators[0].value in (0, 0.0)
        )
    ]


def _steps(document: RoutingPolicyDoc, tell: _Teller) -> Iterator[Finding]:
    for i, rule in enumerate(document.spec.rules):
        waited = condition_of(rule.when).ranges.get("call.waited_s")
        for k, step in enumerate(rule.steps):
            place = f"spec.rules[{i}].steps[{k}].after_s"
            if waited is not None and step.after_s > waited.high:
                problem = f"is never reached: when ends at {waited.high:g} s waited"
                yield tell("late-step", "error", place, problem, "widen when, or remove the step")
            elif step.after_s > STEP_LATE_S:
                problem = f"comes after {step.after_s:g} s, when nearly every caller has given up"
                yield tell("late-step", "warning", place, problem, "relax sooner")


def _choices(document: RoutingPolicyDoc, tell: _Teller) -> Iterator[Finding]:
    for i, rule in enumerate(document.spec.rules):
        if rule.select is None:
            continue
        place = f"spec.rules[{i}]"
        if rule.select.by in DELAYS and rule.min_gain_s == 0 and not rule.steps:
            problem = "moves a call for any gain at all, so calls may be moved to and fro"
            yield tell("no-gain", "warning", place, problem, "add min_gain_s, such as 5")
        sites = rule.select.sites or ()
        if len(sites) > ASKED_MAX:
            problem = f"lists {len(sites)} sites; of those that can serve, {ASKED_MAX} are asked"
            yield tell(
                "long-order", "note", f"{place}.select.sites", problem, "keep the list short"
            )
        for site, share in (rule.select.shares or {}).items():
            if share == 0:
                problem = f"{site} gets nothing"
                remedy = "leave it out, or give it a share"
                yield tell("no-share", "warning", f"{place}.select.shares", problem, remedy)


def _circles(document: RoutingPolicyDoc, tell: _Teller) -> Iterator[Finding]:
    """Sites that send calls to one another whatever happens."""
    sends: dict[tuple[str, str], int] = {}
    for i, rule in enumerate(document.spec.rules):
        target = _only_target(rule)
        if not target:
            continue
        origins = condition_of(rule.when).texts.get("origin.site", {"*"})
        for origin in sorted(origins):
            if origin == target:
                problem = f"sends calls of {origin} to {origin} itself"
                yield tell("circle", "error", f"spec.rules[{i}]", problem, "name another site")
            back = sends.get((target, origin))
            if back is not None and origin != "*":
                other = document.spec.rules[back].name
                problem = f"calls go round: {rule.name} from {origin} to {target}, {other} back"
                remedy = "say in one of them when the other site can serve (queue.free_count > 0)"
                yield tell("circle", "error", f"spec.rules[{i}]", problem, remedy)
            sends.setdefault((origin, target), i)


def _only_target(rule: Rule) -> str:
    """The one site that a rule can send calls to, or empty."""
    if rule.action == "redirect" and rule.to is not None:
        return rule.to.site
    if rule.action != "route" or rule.select is None:
        return ""
    if rule.select.sites and len(rule.select.sites) == 1:
        return rule.select.sites[0]
    names = condition_of(rule.candidates).texts.get("site.name", set())
    admitted = condition_of(rule.candidates)
    if len(names) == 1 and not admitted.ranges and not admitted.rest:
        return next(iter(names))
    return ""


def _queued_for_ever(document: RoutingPolicyDoc, tell: _Teller) -> Iterator[Finding]:
    """Who waits in the network queue leaves it by a rule that stands before the one that put them
    there: the policy is asked again for each agent who gets ready."""
    spec = document.spec
    for i, action in enumerate((*(rule.action for rule in spec.rules), spec.otherwise.action)):
        if action in ("route", "redirect"):
            return
        if action in ("network_queue", "callback"):
            place = f"spec.rules[{i}]" if i < len(spec.rules) else "spec.otherwise"
            what = "are called back" if action == "callback" else "wait in the network queue"
            problem = f"callers {what}, and no rule before this one takes them on"
            remedy = "put a rule with action: route above it, such as select: longest_available"
            yield tell("endless-queue", "error", f"{place}.action", problem, remedy)


def _whole(document: RoutingPolicyDoc, tell: _Teller) -> Iterator[Finding]:
    spec = document.spec
    if not spec.rules:
        yield tell(
            "no-rules", "warning", "spec.rules", "has no rules: every call stays", "add rules"
        )
    if "otherwise" not in spec.model_fields_set:
        problem = "is not written: a call no rule decides about stays at its origin"
        yield tell("no-default", "warning", "spec.otherwise", problem, "write what you mean")
    if spec.rules and not spec.tests:
        yield tell("no-tests", "warning", "spec.tests", "has no tests", "add a case for every rule")
