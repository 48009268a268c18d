"""Legs that ended with a killed process are told, counted apart, and hide nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from history_lines import line

from simulator.checkers.restarts import CUT, cut_count, with_cuts
from simulator.checkers.verdict import verdict
from simulator.history import Line

OFFERED = line("call_offered", call="c1", interaction="i")
TALKS = [
    line("agent_call", agent="anna", call="c1", interaction="i"),
    line("call_connected", agent="anna", call="c1", interaction="i"),
]
STARTED = line("site_started", incarnation=2)
RESUMED = replace(line("call_resumed", call="c1", interaction="i", agent="anna"), at_s=STARTED.at_s)
OTHER = line("call_offered", "porto", call="c2", interaction="j")


def test_a_leg_that_is_not_resumed_ended_and_its_agent_is_free() -> None:
    told = with_cuts([OFFERED, *TALKS, OTHER, STARTED])
    kinds = [one.kind for one in told]
    assert kinds[-3:] == ["agent_free", "call_ended", "site_started"]
    assert told[-2].text("released_by") == CUT and told[-2].text("agent") == "anna"
    assert cut_count(told) == 1
    found = verdict([OFFERED, *TALKS, STARTED])
    assert found.good and found.cut_with_site_count == 1


def test_a_leg_that_is_resumed_goes_on() -> None:
    lines = [OFFERED, *TALKS, STARTED, RESUMED]
    assert with_cuts(lines) == lines
    found = verdict(lines)
    assert found.cut_with_site_count == 0 and found.counts["S10"] == 2


def test_an_agent_who_had_passed_on_who_is_resumed_without_them_is_free() -> None:
    alone = replace(RESUMED, fields=RESUMED.fields | {"agent": ""})
    told = with_cuts([OFFERED, *TALKS, STARTED, alone])
    freed = told[-3]
    assert (freed.kind, freed.text("agent"), freed.text("call")) == ("agent_free", "anna", "c1")
    next_call = line("agent_call", agent="anna", call="c2", interaction="j")
    assert verdict([OFFERED, *TALKS, STARTED, alone, next_call]).counts["S1"] == 0


@pytest.mark.parametrize(
    ("rest", "lost", "cut"),
    [
        ([], 0, 1),
        ([line("call_offered", "porto", call="c9", interaction="i")], 0, 0),
        (
            [
                line("call_offered", "porto", call="c9", interaction="i"),
                line("call_ended", "porto", call="c9", interaction="i", released_by="site"),
            ],
            1,
            0,
        ),
    ],
)
def test_what_happens_after_a_cut_counts(rest: list[Line], lost: int, cut: int) -> None:
    found = verdict([OFFERED, STARTED, *rest])
    assert (found.counts["lost"], found.cut_with_site_count) == (lost, cut)


def test_a_hold_or_move_must_be_ended_by_the_site_itself() -> None:
    hold = line("hold", token="t", agent="anna", queue="q")
    assert verdict([hold, STARTED]).counts["S10"] == 1


def test_refused_and_ended_legs_are_not_cut() -> None:
    refused = line("call_arriving", call="c3", token="t", verdict="refused")
    ended = line("call_ended", call="c1", interaction="i", released_by="caller")
    lines = [OFFERED, ended, refused, STARTED]
    assert with_cuts(lines) == lines


def test_a_site_whose_machine_was_down_let_go_of_its_holds() -> None:
    hold = line("hold", token="t", agent="anna", queue="q")
    unsure = line("site_started", incarnation=2, sure=False)
    own_word = replace(line("hold_ended", token="t", agent="anna", why="lost"), at_s=unsure.at_s)
    later = line("hold_ended", token="t", agent="anna", why="lost")
    assert verdict([hold, unsure]).good and verdict([hold, unsure, own_word]).good
    assert not verdict([hold, unsure, own_word, later]).good


def test_what_was_asked_ended_with_the_process() -> None:
    asked = line("request_begun", request="r", call="c1", interaction="i", deadline_s=3.0)
    told = with_cuts([asked, STARTED])
    assert [one.kind for one in told] == ["request_begun", "request_ended", "site_started"]
    assert (told[1].text("how"), told[1].text("request")) == (CUT, "r")
