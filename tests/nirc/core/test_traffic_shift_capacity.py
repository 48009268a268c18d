"""Who can carry shifted calls, and why not."""

from __future__ import annotations

from typing import Any

import pytest

from nirc.core.traffic_shift_capacity import ChannelsFree, Flow, QueueLoad, forecast
from routing_policies.erlang import answered_within


def load(site: str, **more: Any) -> QueueLoad:
    """14 agents, 10 Erlangs of 180 s."""
    given = {"agents": 14, "offered_per_s": 10 / 180, "aht_s": 180.0, "loan_max": 100}
    return QueueLoad(**{"site": site, "queue": "sales"} | given | more)


def flow(*targets: QueueLoad, **more: Any) -> Flow:
    return Flow(origin=load("lisbon", **more), targets=targets)


def test_what_is_expected_before_and_after_is_erlang_c() -> None:
    told = forecast([flow(load("porto", agents=30))], 0.5, 0.8)

    porto, lisbon = told.targets[0], told.origins[0]
    assert told.problems == ()
    assert porto.service_level == pytest.approx(answered_within(30, 10.0, 180.0, 20.0))
    assert porto.service_level_after == pytest.approx(answered_within(30, 15.0, 180.0, 20.0))
    assert lisbon.service_level == pytest.approx(0.88835, abs=1e-5)
    assert lisbon.service_level_after == pytest.approx(answered_within(14, 5.0, 180.0, 20.0))
    assert told.moved_calls_per_min == pytest.approx(10 / 180 * 60 / 2)
    assert porto.calls_per_hour_after == pytest.approx(300.0)


def test_a_site_that_would_answer_too_late_is_named_with_what_it_could_carry() -> None:
    told = forecast([flow(load("porto"))], 1.0, 0.8)

    (problem,) = told.problems
    assert problem.startswith("porto sales would answer 0% in time instead of 89%, less than 80%")
    assert "20.0 Erlangs for 14.0 agents" in problem
    assert 0.0 < told.share_max < 0.2
    assert forecast([flow(load("porto"))], told.share_max, 0.8).problems == ()
    assert forecast([flow(load("porto"))], told.share_max + 0.01, 0.8).problems


def test_callers_who_give_up_keep_an_overloaded_queue_stable() -> None:
    endless = forecast([flow(load("porto"))], 1.0, 0.0).targets[0]
    mortal = forecast([flow(load("porto", patience_s=60.0))], 1.0, 0.0).targets[0]

    assert endless.service_level_after == 0.0
    assert 0.1 < mortal.service_level_after < 0.8
    assert endless.occupancy_after == mortal.occupancy_after == pytest.approx(20 / 14)


def test_what_a_site_lends_at_most_is_looked_at() -> None:
    told = forecast([flow(load("porto", agents=60, loan_max=5))], 1.0, 0.8)

    assert told.problems == (
        "porto sales lends at most 5 agents at once, and 10.0 of the calls would be there in the"
        " mean",
    )
    assert told.share_max == 0.13, "1.36 Erlangs: Erlang B of 5 is 1 %"


@pytest.mark.parametrize(
    ("targets", "text"),
    [
        ((), "nobody elsewhere serves the callers of lisbon sales"),
        ((load("porto", problem="closed"),), "(porto sales: closed)"),
        ((load("porto", agents=0),), "(porto sales: nobody is at work)"),
    ],
)
def test_who_cannot_take_any(targets: tuple[QueueLoad, ...], text: str) -> None:
    told = forecast([flow(*targets)], 0.1, 0.8)

    assert text in told.problems[0]
    assert told.share_max == 0.0


def test_a_drained_site_is_spread_by_what_the_others_have_left() -> None:
    told = forecast([flow(load("porto", agents=20), load("faro", agents=40))], 1.0, 0.5)

    porto, faro = told.targets
    assert porto.calls_per_hour_after - 200 == pytest.approx(200 * 10 / 40)
    assert faro.calls_per_hour_after - 200 == pytest.approx(200 * 30 / 40)


def test_channels_are_looked_at_at_both_ends() -> None:
    few = (
        ChannelsFree(site="porto", trunk_group="net", count=10),
        ChannelsFree(site="lisbon", trunk_group="pstn", count=60, each=2),
    )
    told = forecast([flow(load("porto", agents=60))], 1.0, 0.8, few)

    (problem,) = told.problems
    assert problem.startswith("trunk group net of porto has 10 channels left, and 10.0 would be")
    assert forecast([flow(load("porto", agents=60))], told.share_max, 0.8, few).problems == ()
