"""Music answers callers who wait, and no 302 moves them afterwards."""

from __future__ import annotations

from dataclasses import replace

from sim_models import SHORTEST, STAY, network
from sim_networked import Bench

from simulator.compiled import networked_layout as n
from simulator.model.instants import US
from simulator.model.outcomes import Outcome

LONGEST = SHORTEST.replace("min_expected_delay", "longest_available")


def _bench(after_s: float, no_answer_s: float = 1e6, policy: str = LONGEST) -> Bench:
    sites = []
    for site in network((1, 1)).sites:
        queue = replace(site.queues[0], answer_after_us=int(after_s * US))
        carrier = replace(site.trunks[0], no_answer_us=int(no_answer_s * US))
        sites.append(replace(site, queues=(queue,), trunks=(carrier, site.trunks[1])))
    return Bench((1, 1), sites=tuple(sites), policy=policy)


def test_a_caller_who_hears_music_is_not_moved_by_302() -> None:
    calls = ((0.0, 0, 30.0), (0.5, 1, 5.0), (1.0, 0, 9.0))
    # both agents talk at first; the other site's is free after 5.5 s, one question later
    moved = _bench(8.0).calls(*calls, until_s=60.0).outcomes
    stayed = _bench(3.0).calls(*calls, until_s=60.0).outcomes
    assert moved[moved["number"] == 2]["row"].tolist() == [1]
    assert stayed[stayed["number"] == 2]["row"].tolist() == [0]


def test_the_carrier_drops_only_who_was_not_answered() -> None:
    calls = ((0.0, 0, 50.0), (0.5, 1, 50.0), (1.0, 0, 9.0))
    dropped = _bench(20.0, no_answer_s=10.0, policy=STAY).calls(*calls, until_s=100.0).outcomes
    assert dropped[dropped["number"] == 2]["outcome"].tolist() == [Outcome.NO_ANSWER]
    kept = _bench(5.0, no_answer_s=10.0, policy=STAY).calls(*calls, until_s=100.0).outcomes
    assert kept[kept["number"] == 2]["outcome"].tolist() == [Outcome.ANSWERED]


def test_who_is_rung_again_for_the_same_call_changes_nothing_that_is_told() -> None:
    site = network((1,)).sites[0]
    reported = []
    for pause_us in (0, 20 * US):
        rung = replace(site.agents[0], no_answer_share=0.4, no_answer_us=8 * US, pause_us=pause_us)
        bench = Bench((1,), sites=(replace(site, agents=(rung,)),), policy=STAY)
        part = bench.calls((0.0, 0, 10.0), until_s=8.05, ring_luck=[0.1])
        assert part.outcomes.size == 0
        reported.append(bool(bench.world.sites[0, n.S_TIMED]))
    assert reported == [False, True]
