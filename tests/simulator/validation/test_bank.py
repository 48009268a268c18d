"""The bank's month: what stands in the records, and a model made of it."""

from itertools import pairwise

import numpy as np
import pytest

from simulator.model.instants import US
from simulator.records.bank import bank_calls
from simulator.validation.bank import bank_model, bank_table, figures, presence

CALLS = bank_calls(days=[0])


def test_the_records_say_what_is_known_of_them() -> None:
    month = bank_calls()
    found = figures(month.wait_us, month.served, month.abandoned)
    assert found["gave up"] == pytest.approx(0.179, abs=0.001)
    assert found["mean wait of answered, s"] == pytest.approx(40.7, abs=0.05)
    assert found["waited"] == pytest.approx(0.545, abs=0.005)
    assert found["answered within 20 s, of all"] == pytest.approx(0.49, abs=0.005)


def test_agents_are_there_from_service_to_service() -> None:
    short, long = presence(CALLS, 600.0), presence(CALLS, 2400.0)
    assert short.keys() == long.keys()
    for agent, windows in short.items():
        assert all(begin < end for begin, end in windows)
        gaps = [b[0] - a[1] for a, b in pairwise(windows)]
        assert all(gap > 600 * US for gap in gaps)
        assert len(long[agent]) <= len(windows)


def test_the_model_has_a_queue_for_each_service() -> None:
    model = bank_model(CALLS, 1200.0)
    assert len(model.sites[0].queues) == len(model.ingresses) == len(CALLS.services)
    assert all(agent.levels and agent.shifts for agent in model.sites[0].agents)


def test_callers_bring_what_was_recorded() -> None:
    table = bank_table(CALLS, 1, 0, recorded_patience=True)
    gone = CALLS.abandoned & (CALLS.wait_us > 0)
    assert (table.patience_us[gone] == CALLS.wait_us[gone]).all()
    assert (table.talk_us[CALLS.served] == CALLS.talk_us[CALLS.served]).mean() > 0.95
    drawn = bank_table(CALLS, 1, 0, recorded_patience=False)
    assert np.mean(drawn.patience_us) == pytest.approx(347 * US, rel=0.2)
