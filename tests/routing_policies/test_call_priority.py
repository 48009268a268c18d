"""With which priority a call starts, whether it is refused, and how it grows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing_policies.call_priority import grown_priority, grows_in_s, start_priority
from routing_policies.network_kinds import Ageing, NumberList
from routing_policies.number_lists import indexed

CALLER = "+351910000001"


def a_list(name="vip", **more):
    return indexed(NumberList(name=name, numbers=(CALLER,), **more))


def test_the_highest_counts_and_says_what_gave_it() -> None:
    found = start_priority(service=2, trunk_group=5, plan_entry=3)
    assert (found.priority, found.because) == (5, "trunk group")
    assert start_priority().because == "service"


@pytest.mark.parametrize(
    ("needs_verified", "verified", "priority"),
    [(True, False, 1), (True, True, 4), (False, False, 4), (False, True, 4)],
)
def test_a_favour_needs_a_number_that_is_vouched_for(needs_verified, verified, priority) -> None:
    lists = [a_list(priority=4, needs_verified=needs_verified)]
    found = start_priority(service=1, lists=lists, caller=CALLER, verified=verified)
    assert found.priority == priority


def test_others_get_nothing_of_a_list() -> None:
    lists = [a_list(priority=4, needs_verified=False)]
    assert start_priority(lists=lists, caller="+351910000002").priority == 0
    assert start_priority(lists=lists, caller="").priority == 0


def test_a_blocked_number_needs_no_proof() -> None:
    found = start_priority(lists=[a_list("nuisance", blocked=True)], caller=CALLER)
    assert found.blocked_by == "nuisance"


def test_an_emergency_call_is_never_refused_and_goes_first() -> None:
    found = start_priority(lists=[a_list(blocked=True)], caller=CALLER, emergency=True)
    assert (found.priority, found.because, found.blocked_by) == (10, "emergency", "")


AGEING = Ageing(every_s=30.0, most=5)


@pytest.mark.parametrize(
    ("start", "waited_s", "priority"),
    [(0, 0, 0), (0, 29.9, 0), (0, 30, 1), (2, 60, 4), (2, 1e9, 5), (7, 1e9, 7), (0, -5, 0)],
)
def test_priority_grows_with_waiting(start, waited_s, priority) -> None:
    assert grown_priority(start, waited_s, AGEING) == priority


def test_without_ageing_it_stays() -> None:
    assert grown_priority(3, 1e9, None) == 3
    assert grows_in_s(3, 0.0, None) is None


@given(st.integers(0, 10), st.integers(0, 100_000))
def test_the_next_step_is_where_it_is_told(start, waited) -> None:
    waited_s = waited / 10
    now = grown_priority(start, waited_s, AGEING)
    step_s = grows_in_s(start, waited_s, AGEING)
    if step_s is None:
        assert grown_priority(start, 1e9, AGEING) == now
    else:
        assert grown_priority(start, waited_s + step_s + 0.01, AGEING) == now + 1
        assert step_s <= 0.02 or grown_priority(start, waited_s + step_s - 0.01, AGEING) == now
