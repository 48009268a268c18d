"""The question to a target's SIP port: one for all who wait, none when it spoke lately."""

from acd_bench import CARRIER, Bench

from nrcli.sip.message import SipUri
from site_agent.adapters.sip_acd.desk import Desk
from site_agent.adapters.sip_acd.target_ports import HANDLE, TargetPorts
from site_agent.sip import signals as s

TARGET = SipUri.parse("sip:nirc-a@127.0.0.1:6100")
PEER = s.Peer("udp", CARRIER, ("127.0.0.1", 6100))
KEY = HANDLE + "udp 127.0.0.1 6100"


def asked() -> tuple[Desk, TargetPorts]:
    desk = Bench().acd.acd._desk
    ports = TargetPorts(desk)
    assert not ports.fresh(PEER)
    ports.ask(TARGET, PEER, "c1", "m1")
    ports.ask(TARGET, PEER, "c2", "m2")
    return desk, ports


def answer(status: int) -> s.ResponseReceived:
    return s.ResponseReceived(handle=KEY, status=status, response=None)


def test_one_question_serves_all_who_wait() -> None:
    desk, ports = asked()
    sent = [one for one in desk.take_out() if isinstance(one, s.SendBytes)]
    assert len(sent) == 1
    assert b"nirc-a" not in sent[0].data
    assert ports.answered(answer(200)) == ([("c1", "m1"), ("c2", "m2")], True)
    assert ports.answered(answer(200)) == ([], True)


def test_an_answer_is_good_for_its_time() -> None:
    desk, ports = asked()
    ports.answered(answer(405))
    assert ports.fresh(PEER)
    desk.now_s += desk.settings.limits.target_fresh_s
    assert not ports.fresh(PEER)


def test_who_drains_or_says_nothing_takes_no_calls() -> None:
    for status in (408, 503):
        _, ports = asked()
        assert ports.answered(answer(status))[1] is False
        assert not ports.fresh(PEER)
