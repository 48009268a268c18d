"""BYE: what it waits for, and what it ends."""

import pytest
from sip_line import Line

from site_agent.sip.settings import SipSettings
from site_agent.sip.signals import ByeDone, ByeReceived, ReferNotified


@pytest.fixture
def line() -> Line:
    return Line()


def notified_and_hung_up(line: Line, leg: str) -> None:
    """The server tells the outcome and hangs up in the same moment."""
    now_s = line.wire.now_s
    line.server.take(line.server.agent.notify_refer(leg, 200, "", now_s), now_s)
    line.server.take(line.server.agent.bye(leg, now_s), now_s)


def test_bye_waits_until_the_notify_is_answered(line: Line) -> None:
    leg = line.talk()
    line.caller_does("refer", "out", "<sip:x@h>")
    line.server_does("accept_refer", leg)
    notified_and_hung_up(line, leg)
    assert line.sent("s", "BYE") == [], "a border may let it pass the NOTIFY"
    line.pause()
    assert len(line.sent("s", "BYE")) == 1
    assert line.kinds(line.caller)[-2:] == [ReferNotified, ByeReceived]
    line.ends_clean()


@pytest.mark.parametrize("notify_answer_s", [0.0, 1.0, 3.0])
def test_bye_waits_no_longer_than_the_settings_say(notify_answer_s: float) -> None:
    line = Line(SipSettings(notify_answer_s=notify_answer_s))
    leg = line.talk()
    line.caller_does("refer", "out", "<sip:x@h>")
    line.server_does("accept_refer", leg)
    line.wire._shares = (1.0, 0.0)
    notified_and_hung_up(line, leg)
    if notify_answer_s:
        line.pause(notify_answer_s - 0.01)
        assert line.sent("s", "BYE") == []
        line.pause(0.02)
    assert len(line.sent("s", "BYE")) == 1
    line.wire._shares = (0.0, 0.0)
    line.pause(8)
    assert line.sent("s", "BYE") and ByeReceived in line.kinds(line.caller)
    line.ends_clean()


def test_a_bye_that_waits_ends_with_theirs(line: Line) -> None:
    leg = line.talk()
    line.caller_does("refer", "out", "<sip:x@h>")
    line.server_does("accept_refer", leg)
    notified_and_hung_up(line, leg)
    now_s = line.wire.now_s
    line.caller.take(line.caller.agent.bye("out", now_s), now_s)
    line.pause()
    assert line.sent("s", "BYE") == [] and ByeDone in line.kinds(line.server)
    line.ends_clean()
