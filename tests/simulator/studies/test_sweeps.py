"""Every combination once, in order."""

import pytest

from simulator.errors import StudyError
from simulator.studies.cases import case_of
from simulator.studies.sweeps import variants_of, varied_of

CASE = case_of("quick-start")


def test_combinations_in_order() -> None:
    varied = [
        varied_of("sites.lisbon.agents.day.count=40,44"),
        varied_of("policy=stay,catalogue:vip"),
    ]
    made = variants_of(CASE, varied, "")
    assert [one.name for one in made] == [
        "40, stay", "40, catalogue:vip", "44, stay", "44, catalogue:vip"
    ]  # fmt: skip
    assert made[3].case.scenario.doc.spec.policy == "catalogue:vip"
    assert made[3].case.scenario.doc.spec.sites[0].agents[0].count == 44


def test_commas_in_brackets_part_nothing() -> None:
    found = varied_of("arrivals.lisbon.profile={calls: [1, 2]},{calls: [3, 4]}")
    assert found.values == ("{calls: [1, 2]}", "{calls: [3, 4]}")


@pytest.mark.parametrize(
    ("text", "told"),
    [("policy", "no path=values"), ("policy=", "a value is empty"), ("a=1,,2", "a value is empty")],
)
def test_a_mistake(text: str, told: str) -> None:
    with pytest.raises(StudyError, match=told):
        varied_of(text)


def test_too_many_are_refused() -> None:
    many = varied_of("seed=" + ",".join(map(str, range(30))))
    with pytest.raises(StudyError, match="900 combinations are more than 500"):
        variants_of(CASE, [many, many], "")


@pytest.mark.parametrize("values", ["14-24", "14:24:2", "14..24"])
def test_a_range_is_told_how_to_write_values(values: str) -> None:
    varied = [varied_of(f"sites.lisbon.agents.day.count={values}")]
    with pytest.raises(StudyError, match=r"a range is no value; write every value, as in 14,16"):
        variants_of(CASE, varied, "")
