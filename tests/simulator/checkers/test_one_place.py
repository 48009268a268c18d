"""S3 is broken by each of these."""

from history_lines import good_move, line

from simulator.checkers.one_place import check

ARRIVED = line("call_arriving", "porto", token="T", verdict="accepted", call="c2", interaction="i")
BACK = line("move_ended", token="T", outcome="timeout", method="refer", interaction="i", call="c1")


def test_a_good_history() -> None:
    assert check(good_move()) == []


def test_put_back_while_the_target_has_the_caller() -> None:
    assert check([ARRIVED, BACK])


def test_accepted_after_the_origin_kept_the_caller() -> None:
    assert check([BACK, ARRIVED])


def test_put_back_after_the_targets_leg_is_over_is_fine() -> None:
    over = line("call_ended", "porto", call="c2", interaction="i", released_by="caller")
    assert check([ARRIVED, over, BACK]) == []


def test_talking_in_two_places_unless_unresolved() -> None:
    talks = [
        line("call_connected", "lisbon", call="c1", interaction="i", agent="a"),
        line("call_connected", "porto", call="c2", interaction="i", agent="b"),
    ]
    assert check(talks)
    unresolved = line("move_ended", token="T", outcome="unresolved", interaction="i", method="x")
    assert check([unresolved, *talks]) == []


def test_who_talks_with_an_agent_is_not_moved() -> None:
    talks = line("call_connected", "lisbon", call="c1", interaction="i", agent="a")
    moved = line("move_started", "lisbon", call="c1", interaction="i", token="T", method="refer")
    assert check([talks, moved])
    assert check([moved, talks]) == []
