"""Which entry a call belongs to, why the others do not, and how fast that is known."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from time_and_numbers import document, entry

from routing_policies.dialed_numbers import (
    DialedCall,
    DialedNumberPlan,
    fits,
    misfit,
    place_of,
    rank_of,
    trunk_group_of,
)
from routing_policies.numbers import NormalNumber, NumberKind, normalise


def plan(*entries, **spec):
    return DialedNumberPlan(document(*entries, **spec))


def call(number="+351210000001", country="PT", **more):
    return DialedCall(number=normalise(number, country), **more)


def always(calendar):
    return True


def winner(found, a_call, is_open=always):
    match = found.match(a_call, is_open)
    return match.service if match else None


def test_the_longest_number_wins() -> None:
    found = plan(
        entry("*", "rest"),
        entry("+351*", "country"),
        entry("+351210*", "area"),
        entry("+351210000001", "one"),
        entry("+351210000001*", "beginning"),
    )
    assert winner(found, call()) == "one"
    assert winner(found, call("+351210000002")) == "area"
    assert winner(found, call("+351220000002")) == "country"
    assert winner(found, call("+34910000002")) == "rest"
    assert winner(found, call("sales")) == "rest"


def test_nothing_fits() -> None:
    assert winner(plan(entry("+351210000001")), call("+351210000002")) is None


@pytest.mark.parametrize("dialed", ["+351210000001", "210000001", "00351210000001"])
@pytest.mark.parametrize("written", ["+351210000001", "210000001", "21*", "+35121*"])
def test_national_and_international_forms_meet(written, dialed) -> None:
    assert winner(plan(entry(written)), call(dialed)) == "any"


def test_short_codes_are_matched_as_dialed() -> None:
    found = plan(entry("1820", "directory"), entry("18*", "others"))
    assert winner(found, call("1820")) == "directory"
    assert winner(found, call("1821")) == "others"


NARROW = [
    ({"trunk_group": "carrier"}, {"site": "lisbon", "caller": "+351910000001"}),
    ({"site": "lisbon"}, {"caller": "+351910000001"}),
    ({"caller": "+351910*"}, {"caller": "+351*"}),
    ({"caller": "+351910000001"}, {"caller": "+351910000001*"}),
    ({"caller": "+351*"}, {"withheld": False}),
    ({"withheld": False}, {"digits": "4"}),
    ({"digits": "4"}, {"calendar": "office"}),
    ({"calendar": "office"}, {}),
]


@pytest.mark.parametrize(("narrow", "wide"), NARROW)
@pytest.mark.parametrize("turned", [False, True])
def test_the_narrower_entry_wins_whatever_the_order(narrow, wide, turned) -> None:
    entries = [entry("+351*", "narrow", **narrow), entry("+351*", "wide", **wide)]
    found = plan(*(reversed(entries) if turned else entries))
    a_call = call(trunk_group="carrier", site="lisbon", caller="+351910000001", digits="4")
    assert winner(found, a_call) == "narrow"


def test_a_longer_number_wins_over_a_narrower_entry() -> None:
    found = plan(entry("+351210*", "longer"), entry("+351*", "narrower", trunk_group="carrier"))
    assert winner(found, call(trunk_group="carrier")) == "longer"


def test_while_its_calendar_is_closed_the_next_entry_has_the_call() -> None:
    found = plan(entry("+351210000001", "day", calendar="office"), entry("+351*", "night"))
    assert winner(found, call()) == "day"
    assert winner(found, call(), lambda calendar: False) == "night"


@pytest.mark.parametrize(
    ("condition", "right", "wrong", "why"),
    [
        ({"trunk_group": "carrier"}, {"trunk_group": "carrier"}, {}, "is for trunk group carrier"),
        ({"site": "lisbon"}, {"site": "lisbon"}, {"site": "porto"}, "is for site lisbon"),
        ({"caller": "+3519*"}, {"caller": "+351911"}, {}, "is for callers +3519*"),
        ({"withheld": True}, {"withheld": True}, {}, "who withhold their number"),
        ({"withheld": False}, {}, {"withheld": True}, "who show their number"),
        ({"digits": "12"}, {"digits": "12"}, {"digits": "1"}, "who entered 12"),
    ],
)
def test_each_condition_says_why_it_does_not_hold(condition, right, wrong, why) -> None:
    one = document(entry("*", **condition)).spec.entries[0]
    assert misfit(one, call(**right), always) == ""
    assert why in misfit(one, call(**wrong), always)


def test_what_became_of_every_entry_that_fits() -> None:
    found = plan(
        entry("*", "rest"),
        entry("+351210000001", "day", calendar="office"),
        entry("+351210000001", "vip", caller="+351910*"),
        entry("+351210*", "area"),
        entry("+351210*", "night", calendar="nights"),
        entry("+34*", "spain"),
    )
    told = found.considered(call(), lambda calendar: calendar == "nights")
    assert [(one.index, one.fate) for one in told] == [
        (2, "is for callers +351910*"),
        (1, "calendar office is closed"),
        (4, ""),
        (3, "spec.entries[4] is narrower"),
        (0, "spec.entries[4] has the longer number"),
    ]


def test_the_match_says_where_it_stands() -> None:
    found = plan(entry("+34*"), entry("+351*", "sales", priority=3)).match(call(), always)
    assert found is not None
    assert (found.place, found.priority) == ("DialedNumberPlan/lisbon spec.entries[1]", 3)
    assert place_of(1) == "spec.entries[1]"


def test_emergency_numbers_as_dialed() -> None:
    found = plan(entry("*"))
    assert found.is_emergency(normalise("112", "PT"))
    assert not found.is_emergency(normalise("+351112", "PT"))
    assert not found.is_emergency(normalise("1123", "PT"))


def test_a_trunk_group_of_this_site_before_one_of_any() -> None:
    groups = document(
        entry("*"),
        trunk_groups=({"name": "carrier"}, {"name": "carrier", "site": "porto", "priority": 2}),
    ).spec.trunk_groups
    assert trunk_group_of(groups, "porto", "carrier").priority == 2
    assert trunk_group_of(groups, "lisbon", "carrier").priority == 0
    assert trunk_group_of(groups, "lisbon", "other") is None


def test_fits() -> None:
    assert fits("+351*", "+351910000001")
    assert fits("*", "x")
    assert not fits("*", "")
    assert not fits("+351", "+3519")


DIGITS = st.sampled_from(["+", "+3", "+35", "+351", "+3512", "+35121"])
ENTRIES = st.tuples(
    DIGITS,
    st.booleans(),
    st.sampled_from([None, "carrier", "pbx"]),
    st.sampled_from([None, "lisbon"]),
    st.sampled_from([None, "+34*", "+351*", "+351910000001"]),
    st.sampled_from([None, True, False]),
    st.sampled_from([None, "open", "closed"]),
)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(ENTRIES, min_size=1, max_size=12),
    st.sampled_from(["+35121", "+351", "+3", "+34"]),
    st.sampled_from(["carrier", "pbx"]),
    st.sampled_from(["", "+351910000001", "+34910"]),
)
def test_the_index_finds_what_looking_at_every_entry_finds(drawn, number, group, caller) -> None:
    written = [
        entry(
            digits + "*" * star if digits != "+" else "*",
            trunk_group=trunk_group,
            site=site,
            caller=from_,
            withheld=withheld,
            calendar=calendar,
        )
        for digits, star, trunk_group, site, from_, withheld, calendar in drawn
    ]
    text = NormalNumber(text=number, kind=NumberKind.FULL, e164=number)
    a_call = DialedCall(number=text, trunk_group=group, site="lisbon", caller=caller)
    is_open = "open".__eq__
    entries = document(*written).spec.entries
    fitting = [
        one for one in entries if fits(one.number, number) and not misfit(one, a_call, is_open)
    ]
    best = max(
        (
            (2 * len(one.number.rstrip("*")) + ("*" not in one.number), rank_of(one))
            for one in fitting
        ),
        default=None,
    )
    match = plan(*written).match(a_call, is_open)
    if match is None:
        assert best is None
    else:
        length = 2 * len(match.entry.number.rstrip("*")) + ("*" not in match.entry.number)
        assert (length, rank_of(match.entry)) == best


def test_fifty_thousand_entries_are_no_slower() -> None:
    """Microseconds each; generous because other programs share the machine."""
    entries = [entry(f"+3512{i:08d}") for i in range(49_000)]
    entries += [entry(f"+3519{i:04d}*") for i in range(1_000)]
    found = plan(*entries)
    calls = [call(f"+3512{i:08d}") for i in range(0, 49_000, 490)]
    calls += [call(f"+3519{i:04d}5555") for i in range(0, 1_000, 10)]
    best = 1.0
    for _ in range(5):
        began = time.perf_counter()
        for one in calls:
            assert found.match(one, always) is not None
        best = min(best, (time.perf_counter() - began) / len(calls))
    assert best < 0.0001
