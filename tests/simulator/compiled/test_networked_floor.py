"""Agents and calls at one site."""

from __future__ import annotations

from dataclasses import replace

from sim_models import STAY, network
from sim_networked import Bench

from simulator.model.instants import US
from simulator.model.outcomes import ACW, BUSY, NOT_READY, RINGING


def test_a_ring_without_an_answer_puts_the_call_back_and_the_agent_on_a_pause() -> None:
    site = network((1,)).sites[0]
    ringing = replace(
        site.agents[0], ring_us=3 * US, no_answer_share=0.4, no_answer_us=8 * US, pause_us=20 * US
    )
    bench = Bench((1,), sites=(replace(site, agents=(ringing,)),), policy=STAY)
    part = bench.calls((0.0, 0, 10.0), until_s=100.0, acw_us=[5 * US], ring_luck=[0.3])
    one = part.outcomes[0]
    # 8 s in vain, 20 s of pause; the second ring stays within 0.4 * 0.4 and is answered
    assert (one["rings"], one["wait_us"]) == (1, 31 * US)
    spent = bench.run.sums.agents_us.sum(axis=0)[0]
    assert spent[[RINGING, NOT_READY, BUSY, ACW]].tolist() == [11 * US, 20 * US, 10 * US, 5 * US]


def test_a_shift_that_ends_lets_the_call_be_finished() -> None:
    site = network((1,)).sites[0]
    agent = replace(site.agents[0], shifts=((0, 5 * US), (60 * US, 90 * US)))
    bench = Bench((1,), sites=(replace(site, agents=(agent,)),), policy=STAY)
    part = bench.calls((0.0, 0, 10.0), (1.0, 0, 1.0), until_s=100.0)
    assert part.outcomes["wait_us"].tolist() == [0, 59 * US]
