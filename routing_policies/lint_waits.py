"""Lint of what surrounds policies: waits that never end, times that add up to too much.

Rule of this file: each check is one function from documents to findings; policies themselves are
looked at in `lint_rules`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from routing_policies.kinds import Document, PathDoc, RoutingPolicyDoc, ServiceDoc, SiteDoc
from routing_policies.lint_findings import Finding
from routing_policies.lint_handlers import handler_findings

LADDER_S_MAX = 20.0
"A caller who is moved must not wait longer than this for all the ways to be tried."


def surrounding_findings(documents: Sequence[tuple[str, Document]]) -> list[Finding]:
    """Everything to be said about (source, document) besides the policies."""
    return [
        *_endless_waits(documents),
        *_long_ladders(documents),
        *_late_steps(documents),
        *handler_findings(documents),
    ]


def _endless_waits(documents: Sequence[tuple[str, Document]]) -> Iterator[Finding]:
    """Callers must not wait on where nobody will ever serve them."""
    for source, site in documents:
        if not isinstance(site, SiteDoc):
            continue
        for i, queue in enumerate(site.spec.queues):
            place = f"spec.queues[{i}]"
            if queue.on_unstaffed is None:
                yield Finding(
                    code="endless-wait",
                    severity="warning",
                    source=source,
                    place=place,
                    problem=f"{queue.name}: callers wait on when its last agent has left",
                    remedy="add on_unstaffed: interflow, announce or drain",
                )
            closes = queue.calendar or site.spec.calendar
            if closes and queue.on_close_with_waiting is None:
                yield Finding(
                    code="endless-wait",
                    severity="warning",
                    source=source,
                    place=place,
                    problem=f"{queue.name}: nothing says what becomes of waiting callers when "
                    f"{closes} closes",
                    remedy="add on_close_with_waiting: drain, interflow or announce",
                )


def _long_ladders(documents: Sequence[tuple[str, Document]]) -> Iterator[Finding]:
    """The ways of one move are tried one after another: their times add up."""
    paths = [(source, one) for source, one in documents if isinstance(one, PathDoc)]
    sums_s: dict[tuple[str, str, str], float] = {}
    for source, path in paths:
        spec = path.spec
        key = (spec.from_site, spec.trunk_group, spec.to_site)
        ways = len([m for m in spec.methods if m in ("refer", "bridge", "redirect_302")])
        sums_s[key] = sums_s.get(key, 0.0) + spec.set_up_p99_s * max(ways, 1)
        if sums_s[key] > LADDER_S_MAX:
            yield Finding(
                code="long-ladder",
                severity="warning",
                source=source,
                place="spec.set_up_p99_s",
                problem=f"the ways from {spec.from_site} {spec.trunk_group} to {spec.to_site} "
                f"together may take {sums_s[key]:g} s",
                remedy=f"keep them under {LADDER_S_MAX:g} s: drop a method, or use a faster path",
            )


def _late_steps(documents: Sequence[tuple[str, Document]]) -> Iterator[Finding]:
    """A step that relaxes after the service level's threshold comes too late for it."""
    policies = {
        one.name: (source, one) for source, one in documents if isinstance(one, RoutingPolicyDoc)
    }
    for _, service in documents:
        if not isinstance(service, ServiceDoc) or service.spec.policy not in policies:
            continue
        source, policy = policies[service.spec.policy]
        threshold_s = service.spec.service_level.threshold_s
        for i, rule in enumerate(policy.spec.rules):
            for k, step in enumerate(rule.steps):
                if step.after_s >= threshold_s:
                    yield Finding(
                        code="late-step",
                        severity="note",
                        source=source,
                        place=f"spec.rules[{i}].steps[{k}].after_s",
                        problem=f"relaxes at {step.after_s:g} s, when a call of {service.name} "
                        f"has missed its {threshold_s:g} s",
                        remedy="relax sooner, or accept it",
                    )
