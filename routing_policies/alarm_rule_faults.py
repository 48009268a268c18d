"""What keeps alarm rules from being used: by themselves, or beside those of other documents.

Rule of this file: each fault has its place and what to do instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from routing_policies.alarm_figures import BY_NAME, Figure
from routing_policies.alarm_kinds import AlarmRule, AlarmRulesDoc, PlaceRule
from routing_policies.errors import Fault, nearest

Problem = tuple[tuple[str | int, ...], str, str]
"(path in the document, problem, remedy)"
CHANNEL_KEYS = ("webhooks", "mail")


def alarm_rule_problems(document: AlarmRulesDoc) -> Iterator[Problem]:
    """Everything that is wrong with this one document."""
    seen: set[str] = set()
    for i, rule in enumerate(document.spec.rules):
        place: tuple[str | int, ...] = ("spec", "rules", i)
        if rule.name in seen:
            yield (*place, "name"), f"{rule.name} is given twice", "keep one of the two"
        seen.add(rule.name)
        yield from ((place + path, what, do) for path, what, do in _of_rule(rule))
    yield from _severities(document)
    named: set[str] = set()
    for path, name in _channels(document):
        if name in named:
            yield path, f"{name} is given twice", "give each receiver its own name"
        named.add(name)


def alarm_rules_faults(documents: Mapping[str, AlarmRulesDoc]) -> Iterator[Fault]:
    """What two documents say of the same thing."""
    seen: dict[tuple[str, str], str] = {}
    for name in sorted(documents):
        document, source = documents[name], f"AlarmRules/{name}"
        rules = ((f"spec.rules[{i}].name", r.name) for i, r in enumerate(document.spec.rules))
        channels = ((_dotted(path), one) for path, one in _channels(document))
        for kind, found in (("rule", rules), ("receiver", channels)):
            for place, one in found:
                first = seen.setdefault((kind, one), source)
                if first != source:
                    problem = f"the {kind} {one} stands in {first} too"
                    remedy = "keep one of the two, or give this one another name"
                    yield Fault(source=source, line=0, place=place, problem=problem, remedy=remedy)


def _of_rule(rule: AlarmRule) -> Iterator[Problem]:
    figure = BY_NAME.get(rule.figure)
    if figure is None:
        near = nearest(rule.figure, BY_NAME)
        remedy = f"did you mean {near}?" if near else "docs/alarms.md lists them"
        yield ("figure",), f"there is no figure {rule.figure}", remedy
        return
    said = [key for key in ("above", "below", "absent_s") if getattr(rule, key) is not None]
    if len(said) != 1:
        has = " and ".join(said) or "none of them"
        yield (), f"needs one of above, below, absent_s, and has {has}", "write one of them"
        return
    yield from _limits(rule, figure)
    for i, place in enumerate(rule.places):
        yield from ((("places", i, *p), what, do) for p, what, do in _of_place(rule, place))


def _limits(rule: AlarmRule, figure: Figure) -> Iterator[Problem]:
    yield from _clear_at(rule.above, rule.below, rule.clear_at)
    if rule.absent_s is not None and figure.kind == "share":
        yield ("absent_s",), "a share is never absent", "look at a figure that is a count"
    if rule.below is not None and figure.kind == "count" and rule.below <= 0:
        yield ("below",), "a count never shrinks", "write a limit above 0"
    limit = rule.above if rule.above is not None else rule.below
    if figure.unit == "share" and limit is not None and not 0 <= limit <= 1:
        key = "above" if rule.above is not None else "below"
        yield (key,), "a share is from 0 to 1", "0.9 is 90 %"


def _of_place(rule: AlarmRule, place: PlaceRule) -> Iterator[Problem]:
    for key in ("above", "below", "absent_s"):
        if getattr(place, key) is not None and getattr(rule, key) is None:
            own = next(k for k in ("above", "below", "absent_s") if getattr(rule, k) is not None)
            yield (key,), f"the rule says {own}", f"write {own} here too"
            return
    above = place.above if place.above is not None else rule.above
    below = place.below if place.below is not None else rule.below
    own_limit = place.above is not None or place.below is not None
    clear_at = place.clear_at if place.clear_at is not None or own_limit else rule.clear_at
    yield from _clear_at(above, below, clear_at)


def _clear_at(
    above: float | None, below: float | None, clear_at: float | None
) -> Iterator[Problem]:
    if clear_at is None:
        return
    if above is not None and clear_at > above:
        yield ("clear_at",), f"is above the limit ({above:g})", "write the limit, or less"
    if below is not None and clear_at < below:
        yield ("clear_at",), f"is below the limit ({below:g})", "write the limit, or more"
    if above is None and below is None:
        yield ("clear_at",), "absence has no limit to come back to", "leave it out"


def _severities(document: AlarmRulesDoc) -> Iterator[Problem]:
    seen: set[str] = set()
    for i, one in enumerate(document.spec.severities):
        if one.alarm in seen:
            yield ("spec", "severities", i, "alarm"), f"{one.alarm} is given twice", "keep one"
        seen.add(one.alarm)


def _channels(document: AlarmRulesDoc) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for key in CHANNEL_KEYS:
        for i, one in enumerate(getattr(document.spec.notify, key)):
            yield ("spec", "notify", key, i, "name"), one.name


def _dotted(path: tuple[str | int, ...]) -> str:
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else str(step)
    return text
