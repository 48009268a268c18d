"""Checks what the shape of a single document cannot say: things named twice, ends before
beginnings, parts that want one another.

Rule of this file: one document is looked at alone; what is about time and numbers is asked by
`meaning_faults`. Faults name the place; the line is found by
whoever has the text.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable

from routing_policies.errors import DocumentError, Fault
from routing_policies.expressions import Scope, Unit, check_expression
from routing_policies.kinds import (
    Document,
    NumberPoolDoc,
    OverflowRulesDoc,
    PathDoc,
    PeerPlanDoc,
    PlanDoc,
    RoutingPolicyDoc,
    ServiceDoc,
    SiteAddress,
    SiteDoc,
    SiteTableDoc,
    TenantDoc,
)
from routing_policies.peer_plan_kinds import peer_plan_wrong

Wrong = tuple[str, str, str]
"(place, problem, remedy)."


def document_checks(document: Document, source: str) -> list[Fault]:
    """What is wrong with this document, without lines."""
    return [
        Fault(source=source, line=0, place=place, problem=problem, remedy=remedy)
        for place, problem, remedy in _wrong(document)
    ] + (_asked(document, source) if isinstance(document, OverflowRulesDoc) else [])


def _wrong(document: Document) -> Iterable[Wrong]:
    match document:
        case SiteDoc():
            return _site(document)
        case ServiceDoc():
            return _twice("spec.numbers[{}]", document.spec.numbers)
        case PathDoc():
            return _path(document)
        case SiteTableDoc():
            keys = [f"{one.site}/{one.trunk_group}" for one in document.spec.addresses]
            return [
                *_twice("spec.addresses[{}]", keys, "keep one address"),
                *(w for i, one in enumerate(document.spec.addresses) for w in _address(i, one)),
            ]
        case TenantDoc():
            return _tenant(document)
        case NumberPoolDoc():
            return _twice("spec.numbers[{}]", document.spec.numbers)
        case PlanDoc():
            return _plan(document)
        case PeerPlanDoc():
            return peer_plan_wrong(document)
        case OverflowRulesDoc():
            return _overflow(document)
        case RoutingPolicyDoc():
            tests = [case.name for case in document.spec.tests]
            return _twice("spec.tests[{}].name", tests, "give each test its own name")
        case _:
            return []


def _address(number: int, one: SiteAddress) -> Iterable[Wrong]:
    """A row has an address, a name, or both, each with its own port."""
    place = f"spec.addresses[{number}]"
    if one.host is None and one.name is None:
        yield place, "has no host", "write the IP address where its calls arrive, with a port"
    if (one.host is None) != (one.port is None):
        key, what = ("port", "host") if one.host is None else ("host", "port")
        yield f"{place}.{key}", f"has no {what}", "write host and port, or neither beside a name"
    if one.name_port is not None and one.name is None:
        yield f"{place}.name_port", "has no name", "write the name, or the port as port"


def _twice(
    place: str, values: Iterable[Hashable], remedy: str = "keep one of the two"
) -> list[Wrong]:
    """Every value that was there before; `{}` in the place is its number."""
    seen: set[Hashable] = set()
    wrong: list[Wrong] = []
    for i, value in enumerate(values):
        if value in seen:
            wrong.append((place.format(i), f"{value} is given twice", remedy))
        seen.add(value)
    return wrong


def _site(document: SiteDoc) -> list[Wrong]:
    queues = document.spec.queues
    wrong = _twice("spec.queues[{}].name", [queue.name for queue in queues])
    for i, queue in enumerate(queues):
        wrong += _twice(f"spec.queues[{i}].services[{{}}]", queue.services)
        for key in ("on_close_with_waiting", "on_unstaffed"):
            if getattr(queue, key) == "announce" and queue.announcement is None:
                problem = "announce says nothing without an announcement"
                remedy = "add announcement: NAME to the queue"
                wrong.append((f"spec.queues[{i}].{key}", problem, remedy))
    rails = document.spec.guard_rails
    if rails.max_loan_min > rails.max_loan_max:
        problem = f"is above max_loan_max ({rails.max_loan_max})"
        wrong.append(("spec.guard_rails.max_loan_min", problem, "make it smaller"))
    return wrong


def _path(document: PathDoc) -> list[Wrong]:
    spec = document.spec
    wrong = _twice("spec.methods[{}]", spec.methods)
    if spec.to_site == spec.from_site:
        wrong.append(("spec.to_site", "leads back to its own site", "name another site"))
    return wrong


def _tenant(document: TenantDoc) -> list[Wrong]:
    lists = document.spec.lists
    wrong = _twice("spec.lists[{}].name", [one.name for one in lists])
    for i, one in enumerate(lists):
        wrong += _twice(f"spec.lists[{i}].numbers[{{}}]", one.numbers)
        if one.blocked and "*" in one.numbers:
            place = f"spec.lists[{i}].numbers[{one.numbers.index('*')}]"
            problem = "* blocks every caller"
            wrong.append((place, problem, "name numbers, or beginnings such as +351210*"))
        if one.blocked and one.priority:
            remedy = "remove one of the two"
            wrong.append((f"spec.lists[{i}].priority", "blocked callers get no priority", remedy))
    return wrong


def _plan(document: PlanDoc) -> list[Wrong]:
    spec = document.spec
    wrong = _twice("spec.service_policies[{}].service", [p.service for p in spec.service_policies])
    wrong += _twice("spec.closed_sites[{}]", spec.closed_sites)
    wrong += _twice("spec.paths_off[{}]", spec.paths_off)
    if not (spec.service_policies or spec.closed_sites or spec.paths_off):
        remedy = "add service_policies, closed_sites or paths_off"
        wrong.append(("spec", "changes nothing", remedy))
    return wrong


def _asked(document: OverflowRulesDoc, source: str) -> list[Fault]:
    """What is wrong with the expressions of a site's own rules."""
    faults: list[Fault] = []
    for i, queue in enumerate(document.spec.queues):
        for j, rule in enumerate(queue.ask):
            place = f"spec.queues[{i}].ask[{j}].when"
            try:
                check_expression(
                    rule.when, scope=Scope.ASK, want=Unit.YES_NO, place=place, source=source
                )
            except DocumentError as error:
                faults += error.faults
    return faults


def _overflow(document: OverflowRulesDoc) -> list[Wrong]:
    queues = document.spec.queues
    wrong = _twice("spec.queues[{}].queue", [queue.queue for queue in queues])
    for i, queue in enumerate(queues):
        wrong += _twice(f"spec.queues[{i}].ask[{{}}].name", [rule.name for rule in queue.ask])
    return wrong
