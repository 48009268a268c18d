from typing import Any

import pytest

from nrcli.reports.facts import End
from nrcli.reports.record_facts import facts_of
from nrcli.wire.history_messages import (
    AgentStateRecord,
    CallLegRecord,
    LegOutcome,
    TrunkBusyRecord,
)
from nrcli.wire.record_tables import DecisionRow
from nrcli.wire.words import AgentState


def leg(**told: Any) -> CallLegRecord:
    plain: dict[str, Any] = {
        **dict.fromkeys(("sip_call_id", "agent", "method", "token", "released_by"), ""),
        "interaction_id": "i1",
        "call_id": "c1",
        "site": "lisbon",
        "leg": "caller",
        "trunk_group": "carrier",
        "queue": "sales",
        "ani": "+351912345678",
        "dialed_number": "+351210000001",
        "started_unix_s": 1000.0,
        "waited_s": 20.0,
        "talked_s": 0.0,
        "sip_status": 0,
    }
    return CallLegRecord(**plain | told)


def new_leg(outcome: LegOutcome, **told: Any) -> CallLegRecord:
    plain = {"outcome": outcome.value, "queued_unix_s": 1000.0, "ended_unix_s": 1200.0}
    return leg(**plain | told)


def test_an_answered_caller_is_decided_when_the_agent_talks() -> None:
    (stay,) = facts_of([new_leg(LegOutcome.ANSWERED, connected_unix_s=1020.0)]).stays
    assert (stay.end, stay.offered_us, stay.decided_us) == (
        End.ANSWERED,
        1_000_000_000,
        1_020_000_000,
    )


@pytest.mark.parametrize(
    ("outcome", "end"),
    [
        (LegOutcome.ABANDONED, End.ABANDONED),
        (LegOutcome.MOVED_OUT, End.MOVED_OUT),
        (LegOutcome.REDIRECTED, End.REDIRECTED),
        (LegOutcome.REFUSED, End.REFUSED),
        (LegOutcome.FAILED, End.FAILED),
        (LegOutcome.CALLBACK, End.CALLBACK),
    ],
)
def test_other_ends_are_decided_when_the_leg_is_over(outcome: LegOutcome, end: End) -> None:
    (stay,) = facts_of([new_leg(outcome)]).stays
    assert (stay.end, stay.decided_us) == (end, 1_200_000_000)


@pytest.mark.parametrize("cause", [18, 19, 102])
def test_a_carriers_timer_is_an_end_of_its_own(cause: int) -> None:
    for outcome in (LegOutcome.ABANDONED, LegOutcome.FAILED):
        (stay,) = facts_of([new_leg(outcome, q850_cause=cause)]).stays
        assert stay.end is End.NO_ANSWER
    (stay,) = facts_of([new_leg(LegOutcome.ABANDONED, q850_cause=16)]).stays
    assert stay.end is End.ABANDONED


def test_who_is_refused_before_any_queue_never_came_in() -> None:
    (stay,) = facts_of([new_leg(LegOutcome.REFUSED, queued_unix_s=0.0)]).stays
    assert not stay.came_in


def test_a_leg_that_goes_on_offers_nothing_anew_and_holds_its_channel() -> None:
    facts = facts_of([new_leg(LegOutcome.CONTINUED, setup_unix_s=990.0)])
    assert facts.stays == ()
    assert [(one.began_us, one.ended_us) for one in facts.channels] == [
        (990_000_000, 1_200_000_000)
    ]


@pytest.mark.parametrize(
    ("told", "end"),
    [
        ({"talked_s": 9.0, "released_by": "agent"}, End.ANSWERED),
        ({"released_by": "caller"}, End.ABANDONED),
        ({"released_by": "moved"}, End.MOVED_OUT),
        ({"released_by": "redirected"}, End.MOVED_OUT),
        ({"released_by": "site"}, End.FAILED),
        ({"released_by": "moved", "end_reason": "to_handler"}, End.REDIRECTED),
    ],
)
def test_a_leg_of_a_version_before_is_read_by_what_it_has(told: dict[str, Any], end: End) -> None:
    (stay,) = facts_of([leg(**told)]).stays
    assert (stay.end, stay.decided_us, stay.came_in) == (end, 1_020_000_000, True)


def test_a_token_says_that_another_site_moved_the_call_here() -> None:
    (stay,) = facts_of([new_leg(LegOutcome.ANSWERED, token="t", left_token="u")]).stays
    assert (stay.moved_in, stay.token, stay.left_token) == (True, "t", "u")


def test_what_was_told_twice_counts_once() -> None:
    one = new_leg(LegOutcome.ANSWERED, incarnation=3, number=1)
    other = new_leg(LegOutcome.ANSWERED, incarnation=3, number=2)
    busy = TrunkBusyRecord(
        site="lisbon", trunk_group="x", began_unix_s=1.0, lasted_s=3.0, incarnation=3, number=1
    )
    facts = facts_of([one, other, busy, one, busy])
    assert (len(facts.stays), len(facts.all_busy)) == (2, 1)


def test_an_agents_leg_is_work_and_no_caller() -> None:
    told = {"leg": "agent", "agent": "anna", "connected_unix_s": 1020.0, "ended_unix_s": 1100.0}
    facts = facts_of([leg(**told, talked_s=70.0, held_s=10.0, acw_s=5.0, entry_site="porto")])
    (work,) = facts.works
    assert (work.answered, work.talked_us, work.held_us, work.acw_us, work.foreign) == (
        True,
        70_000_000,
        10_000_000,
        5_000_000,
        True,
    )
    assert (facts.stays, facts.channels) == ((), ())


def agent_leg(leg_id: str, ended_s: float, talked_s: float, **told: Any) -> CallLegRecord:
    plain = {
        "leg": "agent", "agent": leg_id, "leg_id": leg_id, "parent_leg_id": "stay",
        "connected_unix_s": ended_s - talked_s, "ended_unix_s": ended_s, "talked_s": talked_s,
    }  # fmt: skip
    return leg(**plain | told)


def test_what_the_callers_leg_tells_is_of_the_agent_who_talked_last() -> None:
    stay = new_leg(
        LegOutcome.ANSWERED, leg_id="stay", held_s=7.0, end_reason="passed_on", token="t"
    )
    facts = facts_of([agent_leg("anna", 1100.0, 50.0), agent_leg("bela", 1200.0, 60.0), stay])
    told = [
        (one.agent, one.talked_us, one.held_us, one.passed_on, one.foreign) for one in facts.works
    ]
    assert told == [
        ("anna", 50_000_000, 0, False, True),
        ("bela", 53_000_000, 7_000_000, True, True),
    ]


def test_whom_an_agent_passes_on_is_offered_again_and_was_not_moved_in_again() -> None:
    first = new_leg(LegOutcome.ANSWERED, leg_id="a", token="t")
    second = new_leg(LegOutcome.ANSWERED, leg_id="b", parent_leg_id="a", token="t")
    assert [one.moved_in for one in facts_of([first, second]).stays] == [True, False]


def test_who_is_called_back_is_not_offered_again() -> None:
    promised = new_leg(LegOutcome.CALLBACK, leg_id="a")
    called = new_leg(LegOutcome.ANSWERED, leg_id="b", queued_unix_s=2000.0, token="t")
    other = new_leg(LegOutcome.ANSWERED, leg_id="c", queued_unix_s=2000.0, interaction_id="i2")
    assert [one.leg_id for one in facts_of([called, promised, other]).stays] == ["a", "c"]


def test_a_promise_ends_in_one_of_two_ways() -> None:
    outcomes = (LegOutcome.CALLBACK_SERVED, LegOutcome.CALLBACK_FAILED)
    promises = facts_of(
        new_leg(outcome, leg="callback", agent=outcome.value) for outcome in outcomes
    )
    assert [one.reached for one in promises.promises] == [True, False]


def test_agents_trunks_and_decisions_are_read() -> None:
    state = AgentStateRecord(
        site="lisbon", agent="anna", state=AgentState.BUSY, began_unix_s=1.5, lasted_s=2.0
    )
    busy = TrunkBusyRecord(site="lisbon", trunk_group="carrier", began_unix_s=1.0, lasted_s=3.0)
    live = DecisionRow(decision_id="d1", at_unix_s=4.0, outcome="move")
    shadow = DecisionRow(decision_id="d2", at_unix_s=4.0, outcome="move", mode="shadow")
    facts = facts_of([state, busy, live, shadow])
    assert [(one.state, one.began_us, one.lasted_us) for one in facts.spells] == [
        ("busy", 1_500_000, 2_000_000)
    ]
    assert [one.lasted_us for one in facts.all_busy] == [3_000_000]
    assert [one.at_us for one in facts.decided] == [4_000_000]


def test_a_promise_of_a_site_that_has_no_word_for_outcomes_is_read_by_its_reason() -> None:
    legs = [leg(leg="callback", agent=why, end_reason=why) for why in ("answered", "window_over")]
    assert [one.reached for one in facts_of(legs).promises] == [True, False]
