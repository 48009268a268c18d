"""Which class and distribution hold for whom."""

from __future__ import annotations

import pytest
from scenario_texts import spec_of

from simulator.scenarios.distributions import NEVER, NO_TIME, exponential
from simulator.scenarios.draws import acw_of, classes_of, patience_of, shares_of, talk_of

CLASSES = (
    "caller_classes:\n"
    "  - {name: regular, share: 0.6}\n"
    "  - {name: key, share: 0.1, ingresses: [gold], patience: never,"
    " talk: {sales: {constant: {value_s: 9}}}}\n"
    "ingresses:\n"
    "  - {name: line, service: sales, entry_sites: [{site: lisbon}]}\n"
    "  - {name: gold, service: sales, entry_sites: [{site: lisbon}]}\n"
)


def test_callers_of_no_class_are_the_other_class() -> None:
    spec = spec_of(CLASSES)
    assert [one.name for one in classes_of(spec)] == ["regular", "key", "other"]
    assert shares_of(spec, "line") == pytest.approx((0.6, 0.0, 0.4))
    assert shares_of(spec, "gold") == pytest.approx((0.6, 0.1, 0.3))


def test_without_classes_there_is_one() -> None:
    spec = spec_of()
    assert [one.name for one in classes_of(spec)] == ["other"]
    assert shares_of(spec, "line") == (1.0,)


def test_no_other_class_where_the_shares_are_whole() -> None:
    spec = spec_of("caller_classes: [{name: a, share: 0.25}, {name: b, share: 0.75}]")
    assert [one.name for one in classes_of(spec)] == ["a", "b"]


def test_a_class_may_say_otherwise_than_its_service() -> None:
    spec = spec_of(CLASSES + "services: [{name: sales, aht_s: 50}]")
    regular, key, _ = classes_of(spec)
    assert talk_of(spec, "sales", regular) == exponential(50)
    assert talk_of(spec, "sales", key).forms == ("constant",)
    assert patience_of(spec, "sales", regular) == exponential(60)
    assert patience_of(spec, "sales", key) == NEVER
    assert acw_of(spec, "sales", key) == NO_TIME
