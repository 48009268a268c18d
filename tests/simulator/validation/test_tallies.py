"""Counting outcomes by batch."""

import numpy as np

from simulator.model.calls import calls_table
from simulator.model.instants import US
from simulator.model.outcomes import BUSY, OUTCOME_TYPE, READY, Outcome, Sums
from simulator.validation.hand_calls import Callers, exponential
from simulator.validation.hand_models import Site, network
from simulator.validation.tallies import Tallies

ENDS = (
    (0, Outcome.ANSWERED, 0),
    (1, Outcome.ANSWERED, 15),
    (2, Outcome.ANSWERED, 25),
    (3, Outcome.ABANDONED, 5),
    (11, Outcome.BALKED, 0),
    (12, Outcome.NO_CHANNEL, 0),
    (13, Outcome.NO_PLACE, 0),
    (14, Outcome.UNFINISHED, 9),
)
"(arrival, outcome, wait) in seconds."


def test_calls_are_counted_where_they_came() -> None:
    outcomes = np.zeros(len(ENDS), dtype=OUTCOME_TYPE)
    for number, (arrival, outcome, wait) in enumerate(ENDS):
        outcomes[number]["arrival_us"] = arrival * US
        outcomes[number]["outcome"] = outcome
        outcomes[number]["wait_us"] = wait * US
    outcomes["moves"][1] = 1
    tallies = Tallies(2, 10 * US, 20.0)
    tallies.add(outcomes)
    found = {name: values.tolist() for name, values in tallies.by_name.items()}
    assert found["offered"] == [4, 4]
    assert found["answered"] == [3, 0]
    assert found["abandoned"] == [1, 0]
    assert found["balked"] == [0, 1]
    assert found["blocked"] == [0, 2]
    assert found["unfinished"] == [0, 1]
    assert found["waited"] == [3, 1]
    assert found["wait_s"] == [45, 0]
    assert found["wait_answered_s"] == [40, 0]
    assert found["in_time"] == [2, 0]
    assert found["good"] == [3, 1]
    assert found["moved"] == [1, 0]
    assert found["overflowed"] == [2, 0]


def test_times_come_from_the_sums() -> None:
    model = network((Site(agents=2),), duration_us=20 * US, interval_us=10 * US, drain_us=0)
    sums = Sums.empty(model)
    sums.agents_us[0, 0, BUSY] = 6 * US
    sums.agents_us[0, 0, READY] = 14 * US
    sums.waiting_us[1, 0] = 3 * US
    sums.trunks_us[1] = 4 * US
    tallies = Tallies(2, 10 * US, 20.0)
    tallies.finish(sums)
    assert tallies.by_name["busy_s"].tolist() == [6, 0]
    assert tallies.by_name["staffed_s"].tolist() == [20, 0]
    assert tallies.by_name["queue_s"].tolist() == [0, 3]
    assert tallies.by_name["trunks_s"].tolist() == [0, 8]
    assert tallies.after(1)["time_s"].tolist() == [10]


def test_controls_are_what_came_in_less_its_mean() -> None:
    callers = Callers(rates_per_s=(0.2,), talk=exponential(30.0), patience=exponential(10.0))
    tallies = Tallies(1, 10 * US, 20.0)
    calls = calls_table(
        arrival_us=[1, 2, 3], talk_us=[30 * US, 40 * US, 50 * US], patience_us=[US, US, 1 << 62]
    )
    tallies.take(0, calls)
    assert tallies.controls(callers, 0).tolist() == [[1.0, 30.0, -28.0]]
