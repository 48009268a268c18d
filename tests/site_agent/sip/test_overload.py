"""New calls are shed by two thresholds; calls that stand never are."""

from sip_line import Line
from sip_samples import INVITE, OPTIONS, message

from site_agent.sip.overload import Overload
from site_agent.sip.settings import SipSettings


def test_two_thresholds() -> None:
    overload = Overload(SipSettings(shed_delay_s=0.3, resume_delay_s=0.1))
    steps = [(0.29, False), (0.31, True), (0.2, True), (0.09, False), (0.2, False)]
    for delay_s, sheds in steps:
        overload.measured(delay_s)
        assert overload.sheds_new_call() is sheds
    assert overload.shed_count == 2


def test_an_overloaded_agent_refuses_new_calls_only() -> None:
    line = Line()
    leg = line.talk()
    line.server.agent.overload.measured(0.4)
    (refusal,) = line.raw(message(INVITE))
    assert (refusal.status, refusal.headers.get("retry-after")) == (503, "5")
    assert len(line.raw(message(OPTIONS))) == 1
    line.server_does("bye", leg)
    assert line.server.leftovers()["legs"] == 0


def test_a_source_beyond_its_share_gets_503_without_state() -> None:
    line = Line()
    line.server.agent.admits = lambda peer, now_s: False
    line.call_refused()
    assert line.sent("s", "SIP/2.0 503")[0].headers.get("retry-after") == "5"
    line.ends_clean()
