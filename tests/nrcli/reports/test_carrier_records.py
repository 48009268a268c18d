"""A carrier's records beside ours."""

from typing import Any

from contract_samples import sample
from hypothesis import given
from hypothesis import strategies as st

from nrcli.reports.carrier_records import CompareRules, Connection, compare, our_connections
from nrcli.wire.history_messages import CallLegRecord

RULES = CompareRules()


def one(began_s: float, lasted_s: float = 60.0, caller: str = "912", **more: Any) -> Connection:
    return Connection(began_s=began_s, lasted_s=lasted_s, caller=caller, **more)


def test_what_begins_together_is_one_call_however_numbers_are_written() -> None:
    ours = [one(100.0, caller="+351 912 345 678"), one(200.0)]
    found = compare(ours, [one(103.0, caller="00351912345678"), one(220.0)], RULES)
    assert [(a.began_s, b.began_s) for a, b in found.matched] == [(100.0, 103.0)]
    assert (found.only_ours, found.only_theirs) == ([ours[1]], [one(220.0)])
    assert not found.agrees


def test_an_id_says_more_than_time_and_number() -> None:
    ours = [one(100.0, id="a"), one(101.0, id="b")]
    found = compare(ours, [one(100.0, id="b"), one(100.0, id="a")], RULES)
    assert [(a.id, b.id) for a, b in found.matched] == [("b", "b"), ("a", "a")]


def test_another_length_is_told_and_a_wrong_clock_is_allowed_for() -> None:
    rules = CompareRules(clock_s=3600.0)
    found = compare([one(100.0)], [one(3700.0, lasted_s=63.0)], rules)
    assert len(found.matched) == len(found.differing) == 1
    assert compare([one(100.0)], [one(3700.0, lasted_s=61.0)], rules).agrees


def test_a_call_of_several_stays_is_one_connection() -> None:
    def leg(**fields: Any) -> CallLegRecord:
        known = {"leg": "caller", "call_id": "c", "answered_unix_s": 10.0, "trunk_group": "t"}
        made = sample(CallLegRecord, **(known | fields))
        assert isinstance(made, CallLegRecord)
        return made

    legs = [
        leg(queued_unix_s=5.0, ended_unix_s=30.0, icid="", sip_call_id=""),
        leg(queued_unix_s=30.0, ended_unix_s=95.0, icid="i"),
        leg(leg="agent"),
        leg(trunk_group="other", call_id="d"),
    ]
    (found,) = our_connections(legs, "t")
    assert (found.began_s, found.lasted_s, found.id, found.place) == (10.0, 85.0, "i", "x/c")
    (ringing,) = our_connections([leg(answered_unix_s=0.0)])
    assert ringing.lasted_s == 0.0


NUMBERS = st.sampled_from(["911", "912"])
CALLS = st.lists(st.builds(one, st.integers(0, 50).map(float), caller=NUMBERS), max_size=15)


@given(CALLS, CALLS)
def test_each_is_told_once(ours: list[Connection], theirs: list[Connection]) -> None:
    found = compare(ours, theirs, RULES)
    assert len(found.matched) + len(found.only_ours) == len(ours)
    assert len(found.matched) + len(found.only_theirs) == len(theirs)
    assert all(a.caller == b.caller for a, b in found.matched)
    assert compare(ours, ours, RULES).agrees
