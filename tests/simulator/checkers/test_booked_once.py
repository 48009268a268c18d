"""S1 is broken by each of these."""

import pytest
from history_lines import good_move, line

from simulator.checkers.booked_once import check

HELD = {"queue": "q", "places_max": 1, "waiting_count": 0}


def test_a_good_history() -> None:
    assert check(good_move()) == []


@pytest.mark.parametrize(
    "lines",
    [
        [
            line("agent_call", agent="a", call="c1", interaction="i"),
            line("agent_call", agent="a", call="c2", interaction="j"),
        ],
        [
            line("hold", token="T", agent="a", **HELD),
            line("agent_call", agent="a", call="c2", interaction="j"),
        ],
        [line("hold", token="T", agent="a", **HELD), line("hold", token="U", agent="a", **HELD)],
        [line("hold", token="T", agent="", **HELD), line("hold", token="U", agent="", **HELD)],
        [line("hold", token="T", agent="", **(HELD | {"waiting_count": 1}))],
        [line("hold", token="T", agent="a", channels_free="n=-1", **HELD)],
        [line("hold_ended", token="T", agent="a", why="used")],
        [
            line("hold", token="T", agent="a", request="r", **HELD),
            line("hold", token="U", agent="b", request="r", **HELD),
        ],
    ],
)
def test_what_breaks_it(lines: list[object]) -> None:
    assert check(lines)


def test_the_same_names_at_two_sites_are_two_agents() -> None:
    lines = [
        line("agent_call", "lisbon", agent="a", call="c1", interaction="i"),
        line("agent_call", "porto", agent="a", call="c2", interaction="j"),
    ]
    assert check(lines) == []


def test_a_group_of_which_nothing_is_claimed_may_be_over_full() -> None:
    held = HELD | {"channels": "n=0", "channels_free": "n=-1"}
    assert check([line("hold", token="T", agent="a", **held)]) == []
    held = HELD | {"channels": "n=1", "channels_free": "n=-1"}
    assert check([line("hold", token="T", agent="a", **held)])


def test_a_request_may_have_a_hold_at_two_sites_or_one_after_another() -> None:
    first = line("hold", token="T", agent="a", request="r", **HELD)
    over = line("hold_ended", token="T", agent="a", why="released")
    again = line("hold", token="U", agent="b", request="r", **HELD)
    elsewhere = line("hold", "porto", token="V", agent="c", request="r", **HELD)
    assert check([first, elsewhere, over, again]) == []
