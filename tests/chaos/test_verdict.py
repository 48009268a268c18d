"""The judgement of a chaos run: it sees each kind of fault, and sets apart what a kill cut."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from spoil import SPOILS, spoiled
from verdict import judge, told_faults

from simulator.checkers import verdict as checkers
from simulator.checkers.faults_told import faults_of
from simulator.history import Line


def line(at_s: float, site: str, kind: str, **fields: object) -> Line:
    return Line(at_s=at_s, site=site, kind=kind, fields=fields)


EPOCH = {"domain": "default", "generation": 1, "revision": 3}
A_GOOD_DAY = [
    line(1.0, "lisbon", "epoch", node="n1", **EPOCH),
    line(1.1, "porto", "epoch", node="n1", **EPOCH),
    line(2.0, "lisbon", "call_offered", call="a", interaction="i", queue="sales"),
    line(2.1, "porto", "command", request="r", **EPOCH),
    line(2.2, "porto", "hold", token="t", agent="elsa", queue="sales", places_max=5),
    line(2.3, "lisbon", "data", call="a", token="t", reason="sent", digest="d"),
    line(2.4, "lisbon", "move_started", call="a", interaction="i", token="t", method="refer"),
    line(2.5, "porto", "call_arriving", call="b", interaction="i", token="t", verdict="accepted"),
    line(2.5, "porto", "data", call="b", token="t", reason="", digest="d"),
    line(2.5, "porto", "hold_ended", token="t", agent="elsa", why="used"),
    line(2.6, "porto", "agent_call", agent="elsa", call="b", interaction="i"),
    line(2.6, "porto", "call_connected", call="b", interaction="i", agent="elsa"),
    line(2.7, "lisbon", "move_ended", call="a", interaction="i", token="t", outcome="arrived"),
    line(2.8, "lisbon", "call_ended", call="a", interaction="i", released_by="moved"),
    line(4.0, "porto", "call_ended", call="b", interaction="i", released_by="agent"),
    line(4.0, "porto", "agent_free", agent="elsa", call="b"),
    line(5.0, "faro", "call_offered", call="c", interaction="j", queue="sales"),
    line(5.1, "faro", "agent_call", agent="olga", call="c", interaction="j"),
    line(5.1, "faro", "call_connected", call="c", interaction="j", agent="olga"),
    line(7.0, "faro", "call_ended", call="c", interaction="j", released_by="agent"),
    line(7.0, "faro", "agent_free", agent="olga", call="c"),
]


def found(lines: list[Line], **more: object) -> list[str]:
    quiet: dict[str, object] = {"results": [], "cuts": [], "without_nodes": []}
    return judge(lines, **(quiet | more)).complaints  # type: ignore[arg-type]


def test_a_good_day_is_good() -> None:
    assert found(A_GOOD_DAY) == []


@pytest.mark.parametrize("name", SPOILS)
def test_every_spoilt_history_is_seen(name: str) -> None:
    bad = spoiled(A_GOOD_DAY, name)
    assert bad is not None
    assert checkers.verdict(bad).counts[SPOILS[name][0]] > 0


def test_what_a_kill_cut_is_set_apart_and_nothing_else() -> None:
    cut_short = [one for one in A_GOOD_DAY if one.at_s < 7.0]
    assert any("olga" in text for text in found(cut_short))
    assert found(cut_short, cuts=[("faro", 6.0, 7.0)]) == []
    assert any("olga" in text for text in found(cut_short, cuts=[("porto", 6.0, 7.0)]))


def test_a_site_that_was_started_again_ends_its_holds_itself() -> None:
    hold = line(8.0, "porto", "hold", token="u", agent="elsa", queue="sales", places_max=5)
    ended = line(9.5, "porto", "hold_ended", token="u", agent="elsa", why="expired")
    again = line(9.5, "porto", "site_started", incarnation=2, sure=True)
    cuts = [("porto", 8.1, 9.4)]
    assert found([*A_GOOD_DAY, hold, again, ended], cuts=cuts) == []
    assert any("hold" in text for text in found([*A_GOOD_DAY, hold, again], cuts=cuts))


def test_a_caller_who_waits_beside_an_idle_agent_without_nodes_is_told() -> None:
    late = [
        *A_GOOD_DAY,
        line(20.0, "faro", "call_offered", call="d", interaction="k", queue="sales"),
        line(23.0, "faro", "agent_call", agent="olga", call="d", interaction="k"),
        line(23.0, "faro", "call_connected", call="d", interaction="k", agent="olga"),
        line(24.0, "faro", "call_ended", call="d", interaction="k", released_by="caller"),
        line(24.0, "faro", "agent_free", agent="olga", call="d"),
    ]
    assert found(late) == []
    assert any("S9" in text for text in found(late, without_nodes=[(19.0, 25.0)]))


def test_what_was_broken_is_told_as_slow_until_it_was_over() -> None:
    begun, ended = told_faults([("cut", 1.0, 3.0)], 3)
    (fault,) = faults_of([begun, ended])
    assert (fault.effect, fault.from_s, fault.until_s) == ("slow", 1.0, 3.0)
    assert found(sorted([*A_GOOD_DAY, begun, ended], key=lambda one: one.at_s)) == []
