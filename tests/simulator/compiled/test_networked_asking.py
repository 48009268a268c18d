"""When a site asks, and asks again."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sim_models import STAY, network
from sim_networked import Bench

from simulator.model.instants import US
from simulator.model.outcomes import Outcome


@pytest.mark.parametrize(("after_s", "asked"), [(0.0, 3), (4.0, 2), (13.0, 0)])
def test_a_waiting_call_is_asked_about_again_and_again(after_s: float, asked: int) -> None:
    sites = tuple(
        replace(site, ask_after_us=int(after_s * US), requery_us=5 * US)
        for site in network((1, 1)).sites
    )
    bench = Bench((1, 1), sites=sites, policy=STAY)
    part = bench.calls((0.0, 0, 13.0), (1.0, 0, 1.0), until_s=60.0)
    assert part.outcomes["asked"].tolist() == [0, asked]


def test_an_answer_after_the_deadline_is_not_used() -> None:
    sites = tuple(
        replace(site, link_delay_us=200_000, deadline_us=700_000) for site in network((1, 1)).sites
    )
    bench = Bench((1, 1), sites=sites)
    part = bench.calls((0.0, 0, 10.0), (1.0, 0, 1.0), until_s=60.0)
    assert part.outcomes["moves"].tolist() == [0, 0]


ANNOUNCE = STAY.replace("queue_at_origin", "announce, announcement: busy")


def test_who_is_told_something_is_answered_and_not_dropped_by_the_carrier() -> None:
    sites = tuple(
        replace(site, trunks=(replace(site.trunks[0], no_answer_us=6 * US), site.trunks[1]))
        for site in network((1, 1)).sites
    )
    for policy, outcome in ((STAY, Outcome.NO_ANSWER), (ANNOUNCE, Outcome.ANSWERED)):
        bench = Bench((1, 1), sites=sites, policy=policy)
        part = bench.calls((0.0, 0, 13.0), (1.0, 0, 1.0), until_s=60.0)
        assert part.outcomes["outcome"][part.outcomes["number"] == 1].tolist() == [outcome]
