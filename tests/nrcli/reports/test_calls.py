import pytest
from report_facts import at, counts, figures, moved, quarters, stay, whole, work

from nrcli.reports.calls import CallRules, View
from nrcli.reports.facts import End, Facts, Promise
from nrcli.reports.places import By

LISBON, PORTO = (("lisbon",), 0), (("porto",), 0)


def test_a_moved_call_is_out_at_one_site_and_in_at_the_other_and_never_an_abandon() -> None:
    facts = Facts(stays=moved(0, 30, End.ANSWERED, 40))
    found = counts(facts)
    assert found[LISBON] == {"offered": 1, "moved_out": 1}
    assert found[PORTO] == {
        "offered": 1,
        "moved_in": 1,
        "answered": 1,
        "answer_wait_us": 40_000_000,
        "wait_us": 40_000_000,
        "wait_max_us": 40_000_000,
    }


@pytest.mark.parametrize("by", [By.NETWORK, By.TENANT, By.SERVICE])
def test_where_the_move_stays_inside_the_call_counts_once(by: By) -> None:
    (found,) = counts(Facts(stays=moved(0, 30, End.ANSWERED, 40)), by).values()
    assert (found["offered"], found["answered"]) == (1, 1)
    assert "moved_in" not in found
    assert "moved_out" not in found


def test_a_move_that_changes_the_service_is_one_of_that_service() -> None:
    found = counts(Facts(stays=moved(0, 30, End.ANSWERED, 40, service="help")), By.SERVICE)
    assert found[("sales",), 0]["moved_out"] == 1
    assert found[("help",), 0]["moved_in"] == 1


def test_each_end_counts_once_and_all_of_them_add_up() -> None:
    facts = Facts(stays=tuple(stay(end, 0, 30) for end in End))
    (found,) = counts(facts).values()
    names = ("answered", "abandoned", "moved_out", "redirected", "failed", "callbacks")
    assert found["offered"] == len(End)
    assert sum(found[name] for name in names) + found["waiting_last"] == len(End)
    assert (found["refused"], found["no_answer"], found["failed"]) == (1, 1, 3)
    assert figures(facts)["out_of_balance"] == 0


def test_an_end_counts_where_it_is_decided_or_where_the_caller_was_offered() -> None:
    facts = Facts(stays=(stay(End.ANSWERED, 890, 20),))
    decided = counts(facts, periods=quarters(0.5))
    assert decided[("lisbon",), 0] == {"offered": 1, "waiting_last": 1}
    assert decided[("lisbon",), 1]["answered"] == 1
    assert decided[("lisbon",), 1]["waiting_first"] == 1
    offered = counts(facts, periods=quarters(0.5), view=View.OFFERED)
    assert offered[("lisbon",), 0]["answered"] == 1
    assert list(offered) == [(("lisbon",), 0)]


def test_by_entry_a_moved_call_belongs_to_the_site_that_let_it_in() -> None:
    facts = Facts(stays=moved(0, 30, End.ANSWERED, 40))
    found = counts(facts, view=View.ENTRY)
    assert list(found) == [LISBON]
    assert found[LISBON]["answered"] == 1
    assert found[LISBON]["answer_wait_us"] == 40_000_000
    on_its_way = counts(Facts(stays=facts.stays[:1]), view=View.ENTRY)
    assert on_its_way[LISBON] == {"offered": 1, "unended": 1}


def test_a_short_abandon_is_told_apart_and_is_no_wait_of_abandoners() -> None:
    facts = Facts(stays=(stay(End.ABANDONED, 0, 4.9), stay(End.ABANDONED, 0, 5.0)))
    (found,) = counts(facts).values()
    assert (found["abandoned"], found["abandoned_short"]) == (2, 1)
    assert found["abandon_wait_us"] == 5_000_000
    rules = CallRules(short_abandon_us=0)
    (found,) = counts(facts, rules=rules).values()
    assert "abandoned_short" not in found


def test_in_time_is_the_threshold_itself_included() -> None:
    stays = (stay(End.ANSWERED, 0, 20), stay(End.ANSWERED, 0, 20.000001))
    (found,) = counts(Facts(stays=stays)).values()
    assert found["answered_in_time"] == 1
    stays = tuple(stay(End.ANSWERED, 0, 20, threshold_us=s * 1_000_000) for s in (10, 20, 30))
    (found,) = counts(Facts(stays=stays)).values()
    assert found["answered_in_time"] == 2


def test_who_is_turned_away_before_any_queue_is_blocked_and_not_offered() -> None:
    facts = Facts(stays=(stay(End.REFUSED, came_in=False), stay(End.REFUSED)))
    (found,) = counts(facts).values()
    assert (found["blocked"], found["offered"], found["failed"]) == (1, 1, 1)
    assert counts(facts, view=View.ENTRY)[LISBON]["blocked"] == 1


def test_the_error_of_expected_waits_is_of_answered_calls_that_were_not_moved() -> None:
    told = (
        stay(End.ANSWERED, 0, 20, ewt_us=30_000_000),
        stay(End.ANSWERED, 0, 20, ewt_us=15_000_000),
        stay(End.ANSWERED, 0, 20),
        stay(End.ABANDONED, 0, 20, ewt_us=90_000_000),
        *moved(0, 30, End.ANSWERED, 40, ewt_us=1_000_000),
    )
    found = counts(Facts(stays=told))[LISBON]
    assert (found["ewt_count"], found["ewt_error_us"], found["ewt_size_us"]) == (
        2,
        5_000_000,
        15_000_000,
    )


def test_a_path_that_has_a_tariff_costs_where_the_caller_left() -> None:
    facts = Facts(stays=moved(0, 30, End.ANSWERED, 40))
    rules = CallRules(tariffs_micro={"lisbon-porto": 50_000})
    found = counts(facts, rules=rules)
    assert found[LISBON]["cost_micro"] == 50_000
    assert "cost_micro" not in found[PORTO]
    (network,) = counts(facts, By.NETWORK, rules=rules).values()
    assert network["cost_micro"] == 50_000
    assert counts(facts, rules=rules, view=View.ENTRY)[LISBON]["cost_micro"] == 50_000


def test_work_counts_when_the_talk_is_over() -> None:
    works = (
        work(100, 60, 10, 30, rang_us=4_000_000),
        work(200, answered=False, rang_us=12_000_000),
        work(300, 50, passed_on=True, foreign=True),
    )
    (found,) = counts(Facts(works=works), By.AGENT).values()
    assert found == {
        "handled": 2,
        "handled_foreign": 1,
        "passed_on": 1,
        "talk_us": 110_000_000,
        "hold_us": 10_000_000,
        "acw_us": 30_000_000,
        "ring_us": 16_000_000,
        "rings_unanswered": 1,
    }


def test_a_promise_ends_reached_or_given_up() -> None:
    promises = tuple(
        Promise(site="lisbon", queue="sales", reached=reached, ended_us=at(5))
        for reached in (True, True, False)
    )
    (found,) = counts(Facts(promises=promises), By.QUEUE).values()
    assert found == {"callbacks_reached": 2, "callbacks_given_up": 1}


def test_a_caller_between_two_sites_waits_in_the_service_all_the_while() -> None:
    out, there = moved(0, 890, End.ANSWERED, 920)
    found = counts(Facts(stays=(out, there)), By.SERVICE, periods=quarters(0.5))
    assert found[("sales",), 0]["waiting_last"] == 1
    assert found[("sales",), 1]["waiting_first"] == 1


def test_who_has_no_end_yet_waits_to_the_last_edge() -> None:
    facts = Facts(stays=(stay(End.WAITING, 10),))
    assert counts(facts, periods=whole())[LISBON] == {"offered": 1, "waiting_last": 1}
    assert counts(facts, view=View.OFFERED)[LISBON] == {"offered": 1, "unended": 1}
