"""OPTIONS, REGISTER and the like, answered, challenged, and left without an answer."""

import pytest
from sip_line import Line
from sip_samples import OPTIONS, message

from nrcli.sip.errors import LocalProtocolError
from nrcli.sip.message import SipUri
from site_agent.sip.signals import ByeReceived, LegLost, RequestReceived, ResponseReceived

URI = SipUri.parse("sip:127.0.0.1:5002")
PLACE = {"from_": "<sip:a@h>", "to": "<sip:a@h>"}


@pytest.fixture
def line() -> Line:
    return Line()


def ask(line: Line, method: str = "REGISTER", **options: object) -> None:
    peer = line.caller.peer(line.server)
    now_s = line.wire.now_s
    outputs = line.caller.agent.request("h", method, URI, peer, now_s, **PLACE, **options)  # type: ignore[arg-type]
    line.caller.take(outputs, now_s)
    line.pause()


def test_a_challenged_register(line: Line) -> None:
    ask(line, credentials=("u", "p"), headers=[("Contact", "<sip:a@127.0.0.1:5001>")])
    challenge = ("WWW-Authenticate", 'Digest realm="r", nonce="n"')
    first = line.last(line.server, RequestReceived)
    line.server_does("respond", first.transaction, 401, headers=[challenge])
    second = line.last(line.server, RequestReceived)
    assert "authorization" in second.request.headers
    assert second.request.headers.get_all("contact") == ["<sip:a@127.0.0.1:5001>"]
    line.server_does("respond", second.transaction, 200)
    assert line.last(line.caller, ResponseReceived).status == 200
    line.ends_clean()


def test_silence_is_408(line: Line) -> None:
    line.wire._shares = (1.0, 0.0)
    ask(line, "OPTIONS")
    line.pause(33)
    assert line.caller.events == [ResponseReceived(handle="h", status=408, response=None)]


def test_a_request_that_the_owner_never_answers_lapses(line: Line) -> None:
    (event,) = line.raw(message(OPTIONS))
    assert line.raw(message(OPTIONS)) == []
    line.pause(40)
    with pytest.raises(LocalProtocolError):
        line.server.agent.respond(event.transaction, 200, line.wire.now_s)
    line.ends_clean()


def test_a_lost_dialog_is_found_by_a_request_in_it(line: Line) -> None:
    leg = line.talk()
    line.caller.agent._forget(line.caller.agent._legs["out"])
    now_s = line.wire.now_s
    peer = line.server.peer(line.caller)
    outputs = line.server.agent.request("h", "OPTIONS", URI, peer, now_s, **PLACE, leg=leg)
    line.server.take(outputs, now_s)
    line.pause()
    assert line.server.events[-1] == LegLost(leg=leg, status=481)


def test_an_end_that_answers_408_is_lost_and_told_so(line: Line) -> None:
    leg = line.talk()
    peer, now_s = line.server.peer(line.caller), line.wire.now_s
    outputs = line.server.agent.request("h", "OPTIONS", URI, peer, now_s, **PLACE, leg=leg)
    line.server.take(outputs, now_s)
    line.pause()
    asked = line.last(line.caller, RequestReceived)
    line.caller_does("respond", asked.transaction, 408)
    assert line.server.events[-1] == LegLost(leg=leg, status=408)
    assert isinstance(line.caller.events[-1], ByeReceived)
    line.ends_clean()


def test_requests_with_a_command_of_their_own_are_refused(line: Line) -> None:
    with pytest.raises(LocalProtocolError):
        ask(line, "BYE")


def test_a_body_and_its_type(line: Line) -> None:
    ask(line, "MESSAGE", body=b"hello")
    request = line.last(line.server, RequestReceived).request
    assert (request.headers.get("content-type"), request.body) == ("text/plain", b"hello")
