"""A phone and a PBX that the test plays with a user agent core of its own."""

from __future__ import annotations

from phone_wire import SITE, Wire

from site_agent.phones.logging_in import AGAIN_S, RETRY_S
from site_agent.sip.signals import Output, RequestReceived

PASSWORD = {"register_at": SITE, "password": "open sesame"}
CHALLENGE = ("WWW-Authenticate", 'Digest realm="asterisk", nonce="n1", algorithm=MD5, qop="auth"')


class Pbx:
    """Challenges once, then takes who answers (or refuses everybody)."""

    def __init__(self, wire: Wire, *, refuses: bool = False) -> None:
        self.wire = wire
        self.refuses = refuses
        self.asked: list[RequestReceived] = []
        wire.on_event = self._on  # type: ignore[assignment]

    def _on(self, event: Output) -> list[Output]:
        if not isinstance(event, RequestReceived):
            return []
        self.asked.append(event)
        site, now_s = self.wire.site, self.wire.now_s
        if self.refuses:
            return site.respond(event.transaction, 403, now_s)
        if event.request.headers.get("authorization") is None:
            return site.respond(event.transaction, 401, now_s, headers=[CHALLENGE])
        return site.respond(event.transaction, 200, now_s)


def test_it_answers_the_challenge_and_says_where_it_is() -> None:
    wire = Wire(**PASSWORD)
    pbx = Pbx(wire)
    wire.carry(wire.phones.fire(wire.now_s))
    first, second = pbx.asked
    assert (first.request.method, str(first.request.uri)) == ("REGISTER", "sip:127.0.0.1:5061")
    headers = second.request.headers
    assert headers.get("contact") == "<sip:diogo@127.0.0.1:6002>"
    assert 'username="diogo"' in str(headers.get("authorization"))
    assert "open sesame" not in str(headers.get("authorization"))
    assert first.request.headers.get("call-id") == headers.get("call-id")
    (log_in,) = wire.phones.log_ins.values()
    assert log_in.is_logged_in


def test_it_logs_in_again_before_its_time_is_over() -> None:
    wire = Wire(**PASSWORD)
    pbx = Pbx(wire)
    wire.carry(wire.phones.fire(wire.now_s))
    wire.run(AGAIN_S + 0.1)
    assert len(pbx.asked) == 4


def test_who_is_refused_asks_again_soon() -> None:
    wire = Wire(**PASSWORD)
    pbx = Pbx(wire, refuses=True)
    wire.carry(wire.phones.fire(wire.now_s))
    (log_in,) = wire.phones.log_ins.values()
    assert (log_in.is_logged_in, log_in.status) == (False, 403)
    pbx.refuses = False
    wire.run(RETRY_S + 0.1)
    assert log_in.is_logged_in


def test_a_phone_without_a_pbx_logs_in_nowhere() -> None:
    wire = Wire()
    assert wire.phones.fire(wire.now_s) == []
    assert wire.phones.log_ins == {}
