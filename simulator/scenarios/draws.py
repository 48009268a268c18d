"""Which distribution and which class hold for whom: what a scenario leaves out is filled in here.

Rule of this file: pure look-ups; nothing is drawn.
"""

from __future__ import annotations

from simulator.scenarios.callers import CallerClass
from simulator.scenarios.distributions import NEVER, NO_TIME, Distribution, exponential
from simulator.scenarios.kind import ScenarioSpec

OTHER = "other"
"Name of the class of callers who belong to none that is written."
AHT_S = 180.0
"Mean talk time where a scenario says nothing of a service."
SMALL = 1e-9


def classes_of(spec: ScenarioSpec) -> tuple[CallerClass, ...]:
    """The classes as `CallsTable.caller_class` numbers them: those written, then `other` if there
    are callers who belong to none."""
    rest = any(_written_share(spec, one.name) < 1 - SMALL for one in spec.ingresses)
    if rest or not spec.caller_classes:
        return (*spec.caller_classes, CallerClass(name=OTHER, share=0.0))
    return spec.caller_classes


def shares_of(spec: ScenarioSpec, ingress: str) -> tuple[float, ...]:
    """The share of each of `classes_of` among the calls of an ingress; they add up to 1."""
    shares = [one.share if _calls_there(one, ingress) else 0.0 for one in spec.caller_classes]
    if len(classes_of(spec)) > len(shares):
        shares.append(max(0.0, 1.0 - sum(shares)))
    whole = sum(shares)
    return tuple(share / whole for share in shares)


def talk_of(spec: ScenarioSpec, service: str, caller_class: CallerClass) -> Distribution:
    """Talk time of a class of callers of a service."""
    found = caller_class.talk.get(service) or spec.talk.get(service)
    if found is not None:
        return found
    aht_s = next((one.aht_s for one in spec.services if one.name == service), None)
    return exponential(aht_s or AHT_S)


def acw_of(spec: ScenarioSpec, service: str, caller_class: CallerClass) -> Distribution:
    """After-call work."""
    return caller_class.acw.get(service) or spec.acw.get(service) or NO_TIME


def patience_of(spec: ScenarioSpec, service: str, caller_class: CallerClass) -> Distribution:
    """How long they wait before they give up."""
    return caller_class.patience or spec.patience.get(service) or NEVER


def _written_share(spec: ScenarioSpec, ingress: str) -> float:
    return sum(one.share for one in spec.caller_classes if _calls_there(one, ingress))


def _calls_there(caller_class: CallerClass, ingress: str) -> bool:
    return not caller_class.ingresses or ingress in caller_class.ingresses
