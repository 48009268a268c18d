from dataclasses import replace

from report_facts import at, moved, stay

from nrcli.reports.balance import CAUSES, BalanceRules, Fault, Numbers, gaps, out_of_balance
from nrcli.reports.facts import Decided, End, Facts

RULES = BalanceRules(known_until_us=at(20_000))


def faults(*stays, decided=(), rules=RULES):
    found = out_of_balance(Facts(stays=stays, decided=tuple(decided)), rules)
    return [(one.fault, one.site, one.interaction_id) for one in found]


def test_a_history_that_adds_up_has_no_findings() -> None:
    assert (
        faults(stay(End.ANSWERED), *moved(0, 30, End.ANSWERED, 40), stay(End.WAITING, 19_000)) == []
    )


def test_a_move_of_which_one_side_tells_is_named() -> None:
    out, there = moved(0, 30, End.ANSWERED, 40)
    assert faults(out) == [(Fault.NEVER_ARRIVED, "lisbon", out.interaction_id)]
    assert faults(there) == [(Fault.FROM_NOWHERE, "porto", there.interaction_id)]


def test_what_is_still_on_its_way_is_not_missed_yet() -> None:
    out, _ = moved(0, 30, End.ANSWERED, 40)
    assert faults(out, rules=BalanceRules(known_until_us=at(80))) == []


def test_a_caller_in_two_places_is_named() -> None:
    first = stay(End.ANSWERED, 0, 300)
    second = replace(stay(End.ANSWERED, 10, 200, site="porto"), interaction_id=first.interaction_id)
    assert faults(first, second) == [(Fault.TWO_PLACES, "porto", first.interaction_id)]


def test_a_move_takes_a_moment_in_which_both_sites_have_the_call() -> None:
    out, there = moved(0, 30, End.ANSWERED, 40)
    assert faults(replace(out, decided_us=out.decided_us + 3_000_000), there) == []


def test_a_stay_without_an_end_is_named_after_hours() -> None:
    one = stay(End.WAITING, 0)
    assert faults(one) == [(Fault.NO_END, "lisbon", one.interaction_id)]


def test_a_call_that_the_router_moved_and_no_leg_tells_of_is_named_once() -> None:
    decided = [
        Decided(
            interaction_id="i-lost",
            request_id=f"r{number}",
            origin_site="lisbon",
            outcome=outcome,
            target_site="porto",
            at_us=at(number),
        )
        for number, outcome in enumerate(["stay", "move", "move"])
    ]
    assert faults(decided=decided) == [(Fault.NO_LEG, "lisbon", "i-lost")]
    known = stay(End.ANSWERED, interaction_id="i-lost")
    assert faults(known, decided=decided) == []


def test_numbers_that_are_missing_are_told_by_site_and_kind() -> None:
    legs, whole = Numbers("lisbon", "legs"), Numbers("porto", "legs")
    for number in (3, 4, 6, 9):
        legs.take(number, asked_for=True)
    for number in (5, 4, 7):
        whole.take(number, asked_for=number != 5)
    whole.take(6, asked_for=False)
    (found,) = gaps([whole, legs], at(0))
    assert (found.fault, found.site) == (Fault.RECORDS_MISSING, "lisbon")
    assert found.told == "3 records of legs are missing between numbers 3 and 9"


def test_numbers_outside_the_time_asked_for_are_no_matter() -> None:
    numbers = Numbers("lisbon", "legs")
    for number in (1, 9):
        numbers.take(number, asked_for=False)
    numbers.take(5, asked_for=True)
    assert numbers.missing_count == 0
    assert Numbers("lisbon", "legs").missing_count == 0


def test_each_fault_says_what_usually_is_behind_it() -> None:
    assert set(CAUSES) == set(Fault)
