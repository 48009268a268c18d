from sim_models import network

from simulator.model.instants import US
from simulator.model.outcomes import AGENT_STATES, HELD, MOVE_TYPE, OUTCOME_TYPE, Sums, intervals_of


def test_sums_cover_the_run_and_the_time_to_drain() -> None:
    model = network((2, 1), duration_s=3600.0, interval_us=900 * US, drain_us=1000 * US)
    assert intervals_of(model) == 6
    sums = Sums.empty(model)
    assert sums.agents_us.shape == (6, 2, len(AGENT_STATES))
    assert sums.trunks_us.shape == (6, 4)
    assert not sums.waiting_us.any()


def test_states_and_rows_have_their_names() -> None:
    assert AGENT_STATES[HELD] == "held"
    assert OUTCOME_TYPE.names is not None
    assert MOVE_TYPE.names is not None
    assert set(MOVE_TYPE.names) & set(OUTCOME_TYPE.names) == {
        "number",
        "attempt",
        "agent",
        "method",
        "ended_us",
    }
