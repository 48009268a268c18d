"""Says what alarm rules ask and what they found, in words for people.

Rule of this file: words only.
"""

from __future__ import annotations

from routing_policies.alarm_figures import BY_NAME, Figure, Unit
from routing_policies.alarm_kinds import AlarmRule, PlaceRule


def number_told(value: float, unit: Unit) -> str:
    """A figure's value with its unit.

    >>> number_told(0.834, "share"), number_told(12.0, "s"), number_told(3.0, "count")
    ('83.4 %', '12 s', '3')
    """
    if unit == "share":
        return f"{value * 100:.3g} %"
    plain = f"{value:.1f}".removesuffix(".0")
    return plain if unit == "count" else f"{plain} %" if unit == "percent" else f"{plain} {unit}"


def value_told(rule: AlarmRule, figure: Figure, value: float, of: float | None) -> str:
    """What was found: `83 % of 24 within 300 s`."""
    told = number_told(value, figure.unit)
    if of is not None and (of or figure.kind == "share"):
        told += f" of {of:.0f}" if figure.kind != "count" else ""
    return told if figure.kind == "level" else f"{told} within {rule.over_s:g} s"


def limit_told(rule: AlarmRule, figure: Figure, limit: float | None, absent_s: float | None) -> str:
    """The limit: `below 90 %`."""
    if absent_s is not None:
        return f"{'none' if figure.kind == 'level' else 'no more'} for {absent_s:g} s"
    assert limit is not None
    return f"{'above' if rule.above is not None else 'below'} {number_told(limit, figure.unit)}"


def condition_told(rule: AlarmRule) -> str:
    """When a rule's alarm is raised, and when it is over."""
    figure = BY_NAME[rule.figure]
    limit = rule.above if rule.above is not None else rule.below
    told = limit_told(rule, figure, limit, rule.absent_s)
    if figure.kind != "level" and rule.absent_s is None:
        told += f" within {rule.over_s:g} s"
    if figure.unit == "share" and rule.at_least > 1:
        told += f", of {rule.at_least} at least"
    if rule.for_s:
        told += f", for {rule.for_s:g} s"
    return told + _over_told(rule, figure)


def _over_told(rule: AlarmRule, figure: Figure) -> str:
    told = "" if rule.clear_at is None else f" at {number_told(rule.clear_at, figure.unit)}"
    told += f" for {rule.clear_for_s:g} s" if rule.clear_for_s else ""
    return f"; over{told}" if told else ""


def override_told(rule: AlarmRule, own: PlaceRule) -> str:
    """What a place says otherwise: empty where it says nothing of the condition."""
    figure = BY_NAME[rule.figure]
    limit = own.above if own.above is not None else own.below
    parts = []
    if limit is not None or own.absent_s is not None:
        parts.append(limit_told(rule, figure, limit, own.absent_s))
    if own.for_s is not None:
        parts.append(f"for {own.for_s:g} s")
    if own.clear_at is not None:
        parts.append(f"over at {number_told(own.clear_at, figure.unit)}")
    return ", ".join(parts)
