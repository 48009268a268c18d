"""Time is counted where it passes."""

from sim_models import network

from simulator.model.instants import US
from simulator.model.outcomes import BUSY
from simulator.world.tally import AgentClock, Gauge, Tally


def test_a_gauge_cuts_spans_at_the_edges_of_intervals() -> None:
    gauge = Gauge(10, 4)
    gauge.change(5, 2)
    gauge.change(25, -1)
    gauge.pass_to(30)
    assert gauge.spent_us == [10, 20, 10 + 5, 0]
    assert gauge.most == [2, 2, 2, 0]


def test_a_gauge_knows_the_most_of_an_interval_that_began_with_some() -> None:
    gauge = Gauge(10, 3)
    gauge.change(0, 3)
    gauge.change(15, -3)
    gauge.pass_to(30)
    assert gauge.most == [3, 3, 0]


def test_an_agents_span_is_cut_too_and_nothing_counts_after_the_end() -> None:
    clock = AgentClock(10, 2)
    clock.add(BUSY, 5, 100)
    assert [spent[BUSY] for spent in clock.spent_us] == [5, 10]


def test_sums_have_the_shapes_of_the_model() -> None:
    model = network((2, 1), duration_s=1800.0, drain_us=0)
    tally = Tally(model)
    tally.blocked(1, 901 * US)
    tally.trunks[0].change(0, 1)
    sums = tally.sums(10)
    assert sums.agents_us.shape == (2, 2, 6)
    assert sums.waiting_us.shape == (2, 2)
    assert sums.trunks_us[0].tolist() == [10, 0, 0, 0]
    assert sums.blocked.tolist() == [[0, 0, 0, 0], [0, 1, 0, 0]]
