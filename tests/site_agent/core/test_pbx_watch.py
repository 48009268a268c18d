"""A PBX that is away for long is told here and to the nodes; a moment away is nobody's business."""

from __future__ import annotations

import pytest
from site_playbook import SitePlay, led

from nrcli.wire.messages import SiteAlarm, StateDelta
from site_agent.adapters.base import PbxName, PbxNames, PbxSeen
from site_agent.core.actions import ClearAlarm, RaiseAlarm, SendToNode
from site_agent.core.events import TimerFired, WallTimeRead

PBX = "asterisk 127.0.0.1:5038"


def seen(reached: bool, problem: str = "", *, is_cti: bool = False) -> PbxSeen:
    return PbxSeen(pbx=PBX, reached=reached, problem=problem, is_cti=is_cti)


def second(play: SitePlay, at_s: float) -> SitePlay:
    return play.event(WallTimeRead(unix_s=1e9 + at_s), at_s)


def told(play: SitePlay, at_s: float) -> list[tuple[SiteAlarm, ...]]:
    """What nodes hear of the site's alarms with the next report."""
    play.event(TimerFired(name="report"), at_s)
    said = [one.message for one in play.all(SendToNode)]
    return [
        one.alarms
        for said_one in said
        if isinstance(said_one, StateDelta)
        for one in said_one.standing
    ]


@pytest.mark.parametrize(("is_cti", "code"), [(False, "pbx_unreached"), (True, "cti_silent")])
def test_long_away_is_told_once_and_ends_with_the_first_good_word(is_cti: bool, code: str) -> None:
    play = led().event(seen(False, "cannot connect: refused", is_cti=is_cti), 200.0)
    assert not second(play, 209.0).all(RaiseAlarm)
    alarm = second(play, 210.0).one(RaiseAlarm)
    assert (alarm.code, alarm.place) == (code, PBX)
    assert "cannot connect: refused" in alarm.text
    assert told(play, 210.1)[-1] == (SiteAlarm(code=code, text=alarm.text),)
    assert not second(play, 211.0).all(RaiseAlarm)
    assert play.event(seen(True, is_cti=is_cti), 212.0).one(ClearAlarm).code == code
    second(play, 213.0)
    assert told(play, 213.1)[-1] == ()


def test_a_moment_away_is_nobodys_business() -> None:
    play = led().event(seen(False, "it closed the connection"), 200.0)
    second(play, 205.0).event(seen(True), 206.0)
    play.event(seen(False, "again"), 207.0)
    assert not second(play, 216.0).all(RaiseAlarm)
    assert second(play, 217.0).one(RaiseAlarm)


def test_another_reason_counts_on_and_is_the_one_told() -> None:
    play = led().event(seen(False, "it closed the connection"), 200.0)
    play.event(seen(False, "cannot connect"), 205.0)
    assert second(play, 210.0).one(RaiseAlarm).text.endswith("cannot connect")


def test_the_status_page_says_since_when_and_why() -> None:
    play = led()
    assert play.daemon.view(200.0).pbx is None
    play.event(seen(False, "cannot connect"), 200.0)
    shown = play.daemon.view(203.0).pbx
    assert shown is not None
    assert (shown.reached, shown.for_s, shown.problem) == (False, 3.0, "cannot connect")


def test_names_that_do_not_fit_are_alarms_of_their_own_beside_a_lost_line() -> None:
    sals, public = PbxName(name="queue sals", problem="no sals"), PbxName(name="x", problem="no x")
    play = led().event(PbxNames(wrong=(sals, public)), 200.0)
    assert {one.place for one in play.all(RaiseAlarm)} == {"queue sals", "x"}
    second(play, 200.2)
    assert told(play, 200.5)[-1] == (SiteAlarm(code="pbx_unknown_name", text="no sals; no x"),)
    play.event(seen(False, "gone"), 201.0)
    second(play, 212.0)
    assert [one.code for one in told(play, 212.5)[-1]] == ["pbx_unreached", "pbx_unknown_name"]
    play.event(PbxNames(wrong=(public,)), 213.0)
    assert [one.place for one in play.all(ClearAlarm)] == ["queue sals"]
    view = play.daemon.view(213.0).pbx
    assert view is not None and view.wrong_names == ("no x",)
    play.event(PbxNames(wrong=()), 214.0)
    second(play, 214.2)
    assert [one.code for one in told(play, 214.5)[-1]] == ["pbx_unreached"]
