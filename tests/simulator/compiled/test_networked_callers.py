"""Who is let in."""

from __future__ import annotations

from dataclasses import replace

from sim_models import STAY, network
from sim_networked import Bench

from simulator.model.outcomes import Outcome


def test_full_trunk_groups_full_queues_and_balking_callers() -> None:
    site = network((1,)).sites[0]
    queue = replace(site.queues[0], places_max=1)
    carrier = replace(site.trunks[0], channels_max=2)
    site = replace(site, queues=(queue,), trunks=(carrier, site.trunks[1]))
    bench = Bench((1,), sites=(site,), policy=STAY)
    part = bench.calls((0.0, 0, 50.0), (1.0, 0, 5.0), (2.0, 0, 5.0), until_s=100.0, balks=[0, 0, 0])
    assert sorted(part.outcomes["outcome"].tolist()) == [1, 1, Outcome.NO_CHANNEL]
    assert bench.run.sums.blocked.sum() == 1
    roomy = replace(site, trunks=network((1,)).sites[0].trunks)
    bench = Bench((1,), sites=(roomy,), policy=STAY)
    part = bench.calls(
        (0.0, 0, 50.0),
        (0.5, 0, 5.0),
        (1.0, 0, 5.0),
        (2.0, 0, 5.0),
        until_s=99.0,
        balks=[0, 1, 0, 0],
    )
    found = sorted(part.outcomes["outcome"].tolist())
    assert found == [1, 1, Outcome.BALKED, Outcome.NO_PLACE]
