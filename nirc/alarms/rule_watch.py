"""Decides where one alarm rule's condition holds, and since when: raised, over, or neither.

Rule of this file: pure; a rule knows nothing of other rules. Where there is no value nothing is
wrong, unless the rule asks for absence. Between its limit and `clear_at` everything stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from nirc.alarms.figure_windows import Sample, Window
from nirc.alarms.rule_words import limit_told, value_told
from nirc.alarms.silences import plain
from routing_policies.alarm_figures import BY_NAME
from routing_policies.alarm_kinds import AlarmRule, PlaceRule, Severity

PLACES_MAX = 5_000
"Places that one rule looks at; more are not looked at, and that is told."
EXPECTED_S = 86_400.0
"So long a place that gave values and gives none any more is expected to."


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """A rule's condition has held for its time."""

    rule: str
    place: str
    text: str
    severity: Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Over:
    """It holds no more."""

    rule: str
    place: str


@dataclass(frozen=True, slots=True)
class Condition:
    """What counts at one place: the rule's own words, or those of the first override that fits."""

    above: float | None
    below: float | None
    clear_at: float | None
    absent_s: float | None
    for_s: float
    severity: Severity

    def is_wrong(self, value: float) -> bool:
        """Is it beyond the limit?"""
        if self.above is not None:
            return value > self.above
        return self.below is not None and value < self.below

    def is_right(self, value: float) -> bool:
        """Is it back?"""
        if self.above is not None:
            return value <= (self.above if self.clear_at is None else self.clear_at)
        if self.below is not None:
            return value >= (self.below if self.clear_at is None else self.clear_at)
        return True


class _Place:
    """What is known of one place."""

    __slots__ = ("condition", "raised", "right_since_s", "seen_s", "window", "wrong_since_s")

    def __init__(self, condition: Condition, window: Window, now_s: float) -> None:
        self.condition = condition
        self.window = window
        self.raised = False
        self.seen_s = now_s
        "When there last was a value; of a count: when it last grew."
        self.wrong_since_s: float | None = None
        self.right_since_s: float | None = None


class RuleWatch:
    """One rule, at all places. `look` now and then."""

    __slots__ = ("_figure", "_places", "left_out_count", "rule")

    def __init__(self, rule: AlarmRule) -> None:
        self.rule = rule
        self._figure = BY_NAME[rule.figure]
        self._places: dict[str, _Place] = {}
        self.left_out_count = 0
        "Places beyond those that a rule looks at, at the last look."

    @property
    def leader_only(self) -> bool:
        """Is it about the whole network?"""
        return self._figure.leader_only

    @property
    def watched_count(self) -> int:
        """Places known."""
        return len(self._places)

    def standing(self) -> tuple[str, ...]:
        """Places where it is raised."""
        return tuple(place for place, one in self._places.items() if one.raised)

    def adopt(self, name: str, now_s: float) -> bool:
        """It is raised there already: another node saw it, or this one before it ended. Whether it
        is looked at there."""
        place = self._known(name, now_s)
        if place is not None:
            place.raised = True
        return place is not None

    def look(self, samples: Mapping[str, Sample], now_s: float) -> list[Raised | Over]:
        """What has become so, at all places."""
        self.left_out_count = 0
        found: list[Raised | Over] = []
        for name, sample in samples.items():
            place = self._known(name, now_s)
            if place is not None:
                found += self._judged(name, place, self._value(place, sample, now_s), now_s)
        for name in [name for name in self._places if name not in samples]:
            place = self._places[name]
            found += self._judged(name, place, None, now_s)
            expected = place.condition.absent_s is not None and now_s - place.seen_s < EXPECTED_S
            if expected or (place.raised and place.condition.absent_s is None):
                continue
            del self._places[name]
            if place.raised:
                found.append(Over(rule=self.rule.name, place=name))
        return found

    def _known(self, name: str, now_s: float) -> _Place | None:
        known = self._places.get(name)
        if known is not None:
            return known
        condition = self._condition(name)
        if condition is None:
            return None
        if len(self._places) >= PLACES_MAX:
            self.left_out_count += 1
            return None
        known = self._places[name] = _Place(condition, Window(self.rule.over_s), now_s)
        return known

    def _condition(self, name: str) -> Condition | None:
        """None: the rule is off there."""
        rule = self.rule
        own = next((one for one in rule.places if fnmatchcase(name, plain(one.place))), None)
        if rule.off or (own is not None and own.off):
            return None
        said = own or PlaceRule(place="*")
        limited = said.above is not None or said.below is not None
        return Condition(
            above=rule.above if said.above is None else said.above,
            below=rule.below if said.below is None else said.below,
            clear_at=said.clear_at if limited or said.clear_at is not None else rule.clear_at,
            absent_s=rule.absent_s if said.absent_s is None else said.absent_s,
            for_s=rule.for_s if said.for_s is None else said.for_s,
            severity=said.severity or rule.severity,
        )

    def _value(self, place: _Place, sample: Sample, now_s: float) -> Sample | None:
        """What the rule compares; None: too little is known to say anything."""
        if self._figure.kind == "level":
            place.seen_s = now_s
            return sample if sample.of is None or sample.of >= self.rule.at_least else None
        if place.window.add(sample, now_s):
            place.seen_s = now_s
        grown = place.window.grown()
        if self._figure.kind == "count":
            if place.condition.below is not None and not place.window.is_whole(now_s):
                return None
            return grown
        assert grown.of is not None
        if grown.of < self.rule.at_least:
            return None
        return Sample(grown.value / grown.of, grown.of)

    def _judged(
        self, name: str, place: _Place, value: Sample | None, now_s: float
    ) -> list[Raised | Over]:
        condition = place.condition
        if condition.absent_s is not None:
            wrong = now_s - place.seen_s >= condition.absent_s
            right = not wrong
        else:
            wrong = value is not None and condition.is_wrong(value.value)
            right = value is None or condition.is_right(value.value)
        place.wrong_since_s = _since(place.wrong_since_s, wrong, now_s)
        place.right_since_s = _since(place.right_since_s, right, now_s)
        if _lasts(place.wrong_since_s, condition.for_s, now_s) and not place.raised:
            place.raised = True
            return [self._raised(name, condition, value)]
        if _lasts(place.right_since_s, self.rule.clear_for_s, now_s) and place.raised:
            place.raised = False
            return [Over(rule=self.rule.name, place=name)]
        return []

    def _raised(self, name: str, condition: Condition, value: Sample | None) -> Raised:
        limit = condition.above if condition.below is None else condition.below
        told = (
            value_told(self.rule, self._figure, value.value, value.of)
            if value is not None and condition.absent_s is None
            else ""
        )
        words = limit_told(self.rule, self._figure, limit, condition.absent_s)
        text = ": ".join(filter(None, (self.rule.text, ", ".join(filter(None, (told, words))))))
        return Raised(rule=self.rule.name, place=name, text=text, severity=condition.severity)


def _since(known: float | None, so: bool, now_s: float) -> float | None:
    return None if not so else now_s if known is None else known


def _lasts(since_s: float | None, for_s: float, now_s: float) -> bool:
    return since_s is not None and now_s - since_s >= for_s
