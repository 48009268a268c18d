"""The bank's month as a model and as calls."""

import numpy as np
import pytest
from interpreted_engine import Interpreted

from simulator.model.instants import US
from simulator.records.bank import bank_calls
from simulator.validation.bank_runs import (
    Assumed,
    bank_model,
    bank_table,
    half_of,
    recorded_figures,
    simulated_figures,
)

CALLS = bank_calls(days=[0, 1])
DAY = bank_calls(days=[0])
ASSUMED = Assumed(gap_s=240.0)


def test_the_records_say_what_is_known_of_them() -> None:
    found = recorded_figures(bank_calls())
    assert found["gave up"] == pytest.approx(0.179, abs=0.001)
    assert found["mean wait of answered, s"] == pytest.approx(40.7, abs=0.05)
    assert found["waited"] == pytest.approx(0.545, abs=0.005)
    assert found["answered within 20 s, of all"] == pytest.approx(0.49, abs=0.005)


def test_halves_are_every_other_day() -> None:
    assert set(half_of(CALLS.arrival_us).tolist()) == {0, 1}
    first, second = (recorded_figures(CALLS, half)["gave up"] for half in (0, 1))
    assert min(first, second) < recorded_figures(CALLS)["gave up"] < max(first, second)


def test_the_model_has_a_queue_for_each_service() -> None:
    model = bank_model(CALLS, 1200.0)
    assert len(model.sites[0].queues) == len(model.ingresses) == len(CALLS.services)
    assert all(agent.levels and agent.shifts for agent in model.sites[0].agents)


def test_callers_bring_what_was_recorded() -> None:
    table = bank_table(CALLS, 1, 0, ASSUMED)
    gone = CALLS.abandoned & (CALLS.wait_us > 0)
    assert (table.patience_us[gone] == CALLS.wait_us[gone]).all()
    assert (table.talk_us[CALLS.served] == CALLS.talk_us[CALLS.served]).mean() > 0.95
    drawn = bank_table(CALLS, 1, 0, Assumed(gap_s=240.0, recorded_patience=False, after_us=US))
    assert np.mean(drawn.patience_us) == pytest.approx(347 * US, rel=0.2)
    assert (drawn.acw_us == US).all() and not table.acw_us.any()


def test_agents_who_are_not_ready_make_callers_wait() -> None:
    ready, not_ready = (
        simulated_figures(
            Interpreted(), DAY, Assumed(gap_s=240.0, after_us=us), seed=1, runs_count=1, half=0
        )
        for us in (0, 60 * US)
    )
    assert ready["waited"] < not_ready["waited"]
    assert ready["mean wait of answered, s"] < not_ready["mean wait of answered, s"]
