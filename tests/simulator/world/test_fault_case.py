"""A case is its file: written and read it is the same run."""

import numpy as np
import pytest

from simulator.errors import StudyError
from simulator.model.instants import US
from simulator.world.drawn_case import drawn_case
from simulator.world.fault_case import case_of, file_text, read_case


def test_a_file_gives_the_case_back() -> None:
    case = drawn_case(3, 10.0)
    again = read_case(file_text(case, ("a problem",), "abc"), "case.json")
    assert again == case
    assert np.array_equal(again.table().talk_us, case.table().talk_us)


def test_callers_stay_the_same_when_others_are_left_out() -> None:
    case = drawn_case(4, 20.0)
    whole = case.table()
    fewer = case.without_site(case.sites[0].name).table()
    kept = np.isin(whole.number, fewer.number)
    assert np.array_equal(whole.patience_us[kept], fewer.patience_us)
    assert all(fault.get("site") != "lisbon" for fault in case.without_site("lisbon").faults)


def test_the_model_has_every_path_and_fault() -> None:
    case = drawn_case(8, 10.0)
    model = case.model()
    sites = len(case.sites)
    methods = sum(len(site.methods) for site in case.sites)
    assert len(model.moves) == 2 * (sites - 1) * methods
    assert len(model.faults) == len(case.faults)
    assert model.duration_us == 10 * US


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", "is not JSON"),
        ("[]", "is no fault case"),
        ('{"kind": "nirc-sim fault case", "case": {"seed": 1}}', "is no fault case"),
    ],
)
def test_another_file_is_refused(text: str, problem: str) -> None:
    with pytest.raises(StudyError, match=problem):
        read_case(text, "x.json")


def test_kept_calls_are_read_as_numbers() -> None:
    from dataclasses import replace

    case = replace(drawn_case(3, 10.0), calls=())
    assert case_of(case.to_json(), "x").calls == ()
    assert len(case.table()) == 0
