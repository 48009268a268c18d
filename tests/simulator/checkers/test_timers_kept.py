"""L4 is broken by each of these."""

from history_lines import good_move

from simulator.checkers.timers_kept import check
from simulator.history import Line


def at(at_s: float, kind: str, **fields: object) -> Line:
    return Line(at_s=at_s, site="porto", kind=kind, fields={"token": "T"} | fields)


HOLD = at(10.0, "hold", expires_s=5.0)
MOVE = at(10.0, "move_started", limit_s=55.0)


def move_ended(at_s: float, outcome: str) -> Line:
    return at(at_s, "move_ended", outcome=outcome)


def test_a_good_history() -> None:
    assert check(good_move()) == []


def test_a_hold_ends_when_it_expires() -> None:
    assert check([HOLD, at(15.0, "hold_ended", why="expired")]) == []
    assert check([HOLD, at(15.5, "hold_ended", why="expired")])
    assert check([HOLD, at(16.0, "tier", tier=0)])


def test_a_move_ends_by_its_timers_unless_it_is_unresolved() -> None:
    assert check([MOVE, move_ended(65.0, "timeout")]) == []
    assert check([MOVE, move_ended(66.0, "timeout")])
    assert check([MOVE, move_ended(66.0, "unresolved")]) == []
    assert check([MOVE, at(70.0, "tier", tier=0)])


def test_a_further_rung_has_its_own_time() -> None:
    again = at(50.0, "move_started", limit_s=55.0)
    assert check([MOVE, again, move_ended(100.0, "arrived")]) == []


def test_a_site_that_was_started_anew_has_its_time_again() -> None:
    started = at(60.0, "site_started", incarnation=2, sure=True)
    assert check([HOLD, started, at(61.0, "hold_ended", why="expired")]) == []
    assert check([HOLD, started, at(66.0, "hold_ended", why="expired")])


def test_a_hold_lasts_while_a_telephone_rings() -> None:
    dialed = at(11.0, "callback_dialed", expires_s=35.0)
    assert check([HOLD, dialed, at(46.0, "hold_ended", why="used")]) == []
    assert check([HOLD, dialed, at(47.0, "hold_ended", why="expired")])
