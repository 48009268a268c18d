import numpy as np
import pytest

from simulator.model.calls import TYPES, calls_table
from simulator.model.instants import NEVER_US


def test_calls_are_put_in_order_and_numbered() -> None:
    table = calls_table(arrival_us=[30, 10, 20], talk_us=[3, 1, 2])
    assert table.arrival_us.tolist() == [10, 20, 30]
    assert table.talk_us.tolist() == [1, 2, 3]
    assert table.number.tolist() == [0, 1, 2]


def test_columns_that_are_not_given_have_their_usual_value() -> None:
    table = calls_table(arrival_us=[5])
    assert table.patience_us[0] == NEVER_US
    assert table.caller[0] == -1
    assert table.acw_us[0] == 0
    assert {name: getattr(table, name).dtype for name in TYPES} == {
        name: np.dtype(kind) for name, kind in TYPES.items()
    }


def test_a_part_is_found_by_time() -> None:
    table = calls_table(arrival_us=[10, 20, 30])
    assert table.until(20) == 1
    assert table.part(0, table.until(25)).arrival_us.tolist() == [10, 20]


def test_columns_of_another_length_or_name_are_refused() -> None:
    with pytest.raises(ValueError, match="talk_us has 1 rows"):
        calls_table(arrival_us=[1, 2], talk_us=[1])
    with pytest.raises(ValueError, match="no such column: pace"):
        calls_table(arrival_us=[1], pace=[1])
