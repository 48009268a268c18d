"""Every column of a file is described."""

from sim_models import network

from simulator.model.calls import TYPES
from simulator.model.outcomes import MOVE_TYPE, OUTCOME_TYPE, Outcome
from simulator.records.columns import CALLS, MOVES, OUTCOMES, names_of


def test_every_column_has_its_unit_and_meaning() -> None:
    assert tuple(CALLS) == tuple(TYPES)
    assert tuple(OUTCOMES) == OUTCOME_TYPE.names
    assert tuple(MOVES) == MOVE_TYPE.names
    for name, column in [*CALLS.items(), *OUTCOMES.items(), *MOVES.items()]:
        assert column.meaning
        assert (column.unit == "us") == name.endswith("_us")


def test_names_stand_at_their_numbers() -> None:
    names = names_of(network((2, 1)))
    assert names["row"] == ("lisbon/sales", "porto/sales")
    assert names["agent"] == ("lisbon/lisbon-a0", "lisbon/lisbon-a1", "porto/porto-a0")
    assert names["outcome"][Outcome.ABANDONED] == "abandoned"
    assert names["outcome"][0] == ""
