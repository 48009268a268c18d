"""Printed values and the exact ones beside them do not differ by more than they may."""

import pytest

from simulator.validation.published_systems import handle_time_systems, reference_systems


def test_printed_values_are_near_the_exact_ones() -> None:
    found = {system.name: system for system in reference_systems()}
    printed = [name for name in found if name.endswith(": as printed")]
    assert len(printed) == 3
    for name in printed:
        exact = found[name.replace("as printed", "exact")]
        for figure, value in found[name].known.items():
            assert value == pytest.approx(
                exact.known[figure], abs=2 * found[name].tolerances[figure]
            ), (name, figure)


def test_the_reference_table_is_there() -> None:
    first = reference_systems()[0].known
    assert first["abandonment"] == pytest.approx(0.0309122, abs=5e-8)
    assert reference_systems()[2].known["service_level"] == pytest.approx(0.888350, abs=5e-7)


def test_constant_work_waits_half_as_long_as_lognormal_of_variation_one() -> None:
    known = {system.name: system.known["asa_s"] for system in handle_time_systems()}
    assert known["1 agent, 0.5 Erl, constant"] == pytest.approx(
        known["1 agent, 0.5 Erl, lognormal, variation 1"] / 2
    )
