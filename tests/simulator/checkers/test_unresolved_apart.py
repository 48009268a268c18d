"""A move counted unresolved with nothing broken is told."""

from __future__ import annotations

from dataclasses import replace

from simulator.checkers.unresolved_apart import REACHED_S, check
from simulator.history import Line


def fault(effect: str, from_s: float, until_s: float) -> list[Line]:
    fields = {"fault": f"f{from_s}", "effect": effect, "what": "x", "nodes_count": 3}
    return [
        Line(at_s=from_s, site="", kind="fault_begun", fields=fields),
        Line(at_s=until_s, site="", kind="fault_ended", fields=fields),
    ]


def ended(at_s: float, outcome: str = "unresolved") -> Line:
    fields = {"token": "T", "interaction": "i", "target": "porto", "outcome": outcome}
    return Line(at_s=at_s, site="lisbon", kind="move_ended", fields=fields)


def test_it_is_the_last_resort_while_something_is_broken_or_was_just_now() -> None:
    assert check([*fault("links", 10.0, 30.0), ended(20.0)]) == []
    assert check([*fault("links", 10.0, 30.0), ended(30.0 + REACHED_S)]) == []


def test_long_after_everything_was_mended_the_target_has_been_asked() -> None:
    wrong = check([*fault("links", 10.0, 30.0), ended(31.0 + REACHED_S)])
    assert [(one.invariant, one.site) for one in wrong] == [("unresolved", "lisbon")]
    assert check([*fault("links", 10.0, 30.0), ended(60.0, "arrived")]) == []


def test_a_voicemail_cannot_be_asked_again() -> None:
    began = {"token": "T", "interaction": "i", "target": "handler:mail"}
    move = Line(at_s=28.0, site="lisbon", kind="move_started", fields=began)
    broken = fault("links", 10.0, 30.0)
    assert check([*broken, move, ended(49.0)]) == []
    assert check([*broken, ended(49.0)])
    assert check([*fault("harmless", 10.0, 30.0), move, ended(49.0)]) == []
    later = replace(move, at_s=31.0 + REACHED_S)
    assert check([*broken, later, ended(80.0)])


def test_what_hinders_nobody_is_no_excuse() -> None:
    assert check([*fault("harmless", 10.0, 30.0), ended(20.0)])


def test_a_history_that_tells_of_no_faults_is_not_judged() -> None:
    assert check([ended(20.0)]) == []
