"""What a dialed number plan may not say, with place and remedy."""

import pytest
from time_and_numbers import document, entry

from routing_policies.dialed_number_faults import plan_faults, trunk_group_faults


def faults(*entries, **spec):
    return plan_faults(document(*entries, **spec), "plan.yaml")


def test_a_good_plan_has_none() -> None:
    good = faults(
        entry("+351210000001"),
        entry("+351210000001*"),
        entry("+351210000001", trunk_group="carrier"),
        entry("+351210000001", trunk_group="pbx"),
        entry("+351210000001", caller="+351*"),
        entry("+351210000001", calendar="office"),
        entry("+351210000001", withheld=True),
        trunk_groups=({"name": "carrier"}, {"name": "carrier", "site": "porto", "country": "ES"}),
    )
    assert good == []


@pytest.mark.parametrize(
    ("entries", "problem"),
    [
        ((entry("+351*"), entry("+34*"), entry("+351*")), "entries[0] and entries[2]"),
        ((entry("210000001"), entry("+351210000001")), "entries[0] and entries[1]"),
        ((entry("21*"), entry("+35121*")), "entries[0] and entries[1]"),
        (
            (entry("*", calendar="office"), entry("*", calendar="nights")),
            "entries[0] and entries[1]",
        ),
        ((entry("*", withheld=True), entry("*", withheld=True)), "entries[0] and entries[1]"),
    ],
)
def test_two_entries_that_could_both_win(entries, problem) -> None:
    (fault,) = faults(*entries)
    assert problem in fault.problem
    assert fault.problem.endswith("match the same calls")
    assert fault.place == f"spec.entries[{len(entries) - 1}]"
    assert fault.remedy


@pytest.mark.parametrize(
    ("spec", "place", "problem", "remedy"),
    [
        ({"country": "ZZ"}, "spec.country", "for ZZ", ""),
        ({"country": "pt"}, "spec.country", "for pt", "write PT"),
        (
            {"trunk_groups": ({"name": "a", "country": "XQ"},)},
            "spec.trunk_groups[0].country",
            "for XQ",
            "",
        ),
        (
            {"trunk_groups": ({"name": "a"}, {"name": "a"})},
            "spec.trunk_groups[1]",
            "trunk_groups[0] says the same",
            "join the two",
        ),
        ({"emergency": ("112", "nine")}, "spec.emergency[1]", "'nine'", "digits"),
    ],
)
def test_each_fault_names_place_and_remedy(spec, place, problem, remedy) -> None:
    (fault,) = faults(entry("*"), **spec)
    assert fault.place == place
    assert problem in fault.problem
    assert remedy in fault.remedy


def test_a_trunk_group_is_read_by_one_plan() -> None:
    carrier, of_porto = {"name": "carrier"}, {"name": "carrier", "site": "porto"}
    first = document(entry("*"), name="a", trunk_groups=(carrier,))
    assert trunk_group_faults([first, document(entry("*"), name="b")]) == []
    other_site = document(entry("*"), name="b", trunk_groups=(of_porto,))
    assert trunk_group_faults([first, other_site]) == []
    second = document(entry("*"), name="b", trunk_groups=(of_porto, carrier))
    (fault,) = trunk_group_faults([second, first])
    assert (fault.source, fault.place) == ("DialedNumberPlan/b", "spec.trunk_groups[1]")
    assert "DialedNumberPlan/a names trunk group carrier already" in fault.problem
