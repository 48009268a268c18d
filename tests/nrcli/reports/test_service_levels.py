import numpy as np

from nrcli.reports.service_levels import ignoring, negative, occupied, positive


def test_the_three_formulas_of_the_worked_example() -> None:
    """Of 100 calls 70 are answered in time, 10 abandon in time, 20 end late."""
    assert [formula(70, 10, 100) for formula in (ignoring, negative, positive)] == [
        (70, 90),
        (70, 100),
        (80, 100),
    ]


def test_columns_of_numbers_do_alike() -> None:
    part, whole = ignoring(np.array([70, 7]), np.array([10, 1]), np.array([100, 10]))
    assert (part / whole).tolist() == [70 / 90, 7 / 9]


def test_occupancy_leaves_breaks_out() -> None:
    assert occupied(600, 30, 1000, 100) == (630, 900)
