"""A drawn voicemail is a document that the policy or the sites' own rules name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from simulator.model.outcomes import Outcome
from simulator.world.dice import Dice
from simulator.world.drawn_case import drawn_case
from simulator.world.drawn_handlers import (
    BY,
    NAME,
    drawn_handler,
    handler_texts,
    rules_with,
    with_handler,
)
from simulator.world.engine import WorldEngine
from simulator.world.shrinking import PLAIN_POLICY

MAIL = {
    "methods": ["bridge"],
    "set_up_s": 0.2,
    "calls_max": 100,
    "call_s": 2.0,
    "by": "policy",
    "after_s": 1.0,
    "calendar": True,
}


def test_about_a_third_of_the_seeds_have_one_and_all_words_are_drawn() -> None:
    drawn = [drawn_handler(Dice(seed)) for seed in range(200)]
    found = [one for one in drawn if one is not None]
    assert 40 < len(found) < 80
    assert {one["by"] for one in found} == set(BY)


def test_a_network_without_one_is_as_it_was() -> None:
    assert handler_texts(None, ("carrier",), "office") == {}
    assert with_handler(PLAIN_POLICY, None) == PLAIN_POLICY
    assert rules_with("", "lisbon", "sales", None) == ""


def test_its_hours_are_those_of_a_calendar_only_where_there_is_one() -> None:
    (text,) = handler_texts(MAIL, ("carrier",), "office").values()
    assert "calendar: office" in text
    assert "calendar" not in handler_texts(MAIL, ("carrier",), "")[f"Handler/{NAME}"]


@pytest.mark.parametrize("by", BY)
def test_callers_end_there_whoever_says_so(by: str) -> None:
    case = replace(drawn_case(2, 10.0), faults=(), policy=PLAIN_POLICY, calendars=(), nodes=1)
    sites = tuple(replace(site, agents=1, per_s=1.0, queue_document="") for site in case.sites)
    case = replace(case, sites=sites, patience_s=60.0, handler=MAIL | {"by": by}, liveness=False)
    model = case.model()
    run = WorldEngine(seed=2).start(model)
    parts = [run.feed(case.table(), model.duration_us), run.finish()]
    assert run.problems == ()
    assert sum((part.outcomes["outcome"] == Outcome.TO_HANDLER).sum() for part in parts) > 3
