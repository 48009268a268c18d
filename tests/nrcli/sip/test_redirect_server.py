"""A redirect server: INVITE in, 302 out, the same to a call asked about again."""

from __future__ import annotations

import gc
from dataclasses import dataclass, field, replace
from ipaddress import ip_network
from itertools import count

import pytest

from nrcli.sip.flow import Peer
from nrcli.sip.message import Response, parse
from nrcli.sip.redirect_server import RedirectServer
from nrcli.sip.redirect_settings import RedirectClient, RedirectSettings
from nrcli.sip.redirect_words import Contact, PreRouteAsked, PreRouteTold

EDGE = Peer("udp", ("192.0.2.1", 5060), ("198.51.100.7", 5070))
STRANGER = replace(EDGE, remote=("203.0.113.1", 5070))
CLIENT = RedirectClient(
    name="carrier", networks=(ip_network("198.51.100.0/24"),), trunk_group="network"
)
PORTO = Contact(site="porto", host="192.0.2.7", port=5062, transport="udp")
FARO = Contact(site="faro", host="2001:db8::1", port=5060, transport="tcp")


def request(method: str = "INVITE", branch: str = "z9hG4bK1", **more: str) -> bytes:
    lines = {
        "Via": f"SIP/2.0/UDP 198.51.100.7:5070;branch={branch};rport",
        "Max-Forwards": "70",
        "From": '"Ana" <sip:+351912345678@carrier>;tag=a1',
        "To": "<sip:+351800100100@nirc>",
        "Call-ID": "c1@carrier",
        "CSeq": f"1 {method}",
    } | {name.replace("_", "-"): value for name, value in more.items()}
    uri = lines.pop("uri", "sip:+351800100100@nirc.example")
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value)
    return f"{method} {uri} SIP/2.0\r\n{head}Content-Length: 0\r\n\r\n".encode()


@dataclass
class Bench:
    settings: RedirectSettings = field(default_factory=lambda: RedirectSettings(clients=(CLIENT,)))
    asked: list[PreRouteAsked] = field(default_factory=list)
    takes: bool = True

    def __post_init__(self) -> None:
        numbers = count(1)
        self.server = RedirectServer(
            self.settings, ask=self._ask, new_id=lambda: f"q{next(numbers)}"
        )

    def _ask(self, asked: PreRouteAsked) -> bool:
        self.asked.append(asked)
        return self.takes

    def heard(self, data: bytes, now_s: float = 1.0, peer: Peer = EDGE) -> list[Response]:
        return [read(data) for _, data in self.server.heard(data, peer, now_s)]

    def told(self, **more: object) -> list[Response]:
        values = {"id": self.asked[-1].id, "contacts": (PORTO, FARO), "decision_id": "d1"} | more
        return [read(data) for _, data in self.server.told(PreRouteTold(**values))]  # type: ignore[arg-type]


def read(data: bytes) -> Response:
    message = parse(data)
    assert isinstance(message, Response)
    return message


def test_an_invite_is_asked_about_and_redirected_to_the_chosen_sites() -> None:
    bench = Bench()
    assert bench.heard(request(Session_ID="AB" * 16 + ";remote=" + "0" * 32)) == []
    (asked,) = bench.asked
    assert (asked.client, asked.trunk_group, asked.call_id) == ("carrier", "network", "c1@carrier")
    assert asked.called == "sip:+351800100100@nirc.example"
    assert asked.caller == "sip:+351912345678@carrier"
    assert asked.interaction_id == "ab" * 16
    (answer,) = bench.told()
    assert (answer.status, answer.reason) == (302, "Moved Temporarily")
    assert answer.headers.get_all("contact") == [
        "<sip:+351800100100@192.0.2.7:5062>;q=1.0",
        "<sip:+351800100100@[2001:db8::1]:5060;transport=tcp>;q=0.5",
    ]
    assert answer.headers.get("via") == (
        "SIP/2.0/UDP 198.51.100.7:5070;branch=z9hG4bK1;received=198.51.100.7;rport=5070"
    )
    assert ";tag=" in (answer.headers.get("to") or "")
    assert bench.told() == []


def test_a_handler_is_named_by_its_own_address_and_told_why() -> None:
    bench = Bench()
    bench.heard(request())
    mail = Contact(
        site="",
        host="192.0.2.9",
        port=5080,
        transport="udp",
        handler="mail",
        uri="sip:m@192.0.2.9:5080",
    )
    (answer,) = bench.told(contacts=(mail, PORTO), dialed_number="+351800100100", because="closed")
    assert answer.headers.get_all("contact") == [
        "<sip:m@192.0.2.9:5080>;q=1.0",
        "<sip:+351800100100@192.0.2.7:5062>;q=0.5",
    ]
    assert "reason=time-of-day" in (answer.headers.get("Diversion") or "")
    assert "sip:m@192.0.2.9:5080" in (answer.headers.get("History-Info") or "")


def test_an_edge_that_tries_one_contact_gets_one() -> None:
    bench = Bench(RedirectSettings(clients=(replace(CLIENT, contacts_max=1),)))
    bench.heard(request())
    assert len(bench.told()[0].headers.get_all("contact")) == 1


def test_an_invite_sent_again_gets_the_same_answer_until_its_ack() -> None:
    bench = Bench()
    bench.heard(request())
    assert [one.status for one in bench.heard(request())] == [100]
    (first,) = bench.told()
    (again,) = bench.heard(request(), 2.0)
    assert again.encode() == first.encode()
    assert bench.heard(request("ACK", CSeq="1 ACK")) == []
    assert bench.heard(request(), 3.0) == []
    assert len(bench.asked) == 1
    assert bench.heard(request(), 40.0) == []
    assert len(bench.asked) == 2, "kept for a bounded time"


def test_old_style_branches_are_told_apart_by_call_and_number() -> None:
    bench = Bench()
    bench.heard(request(branch="1"))
    bench.heard(request(branch="1"))
    bench.heard(request(branch="1", Call_ID="c2@carrier"))
    assert len(bench.asked) == 2


def test_a_stranger_gets_silence_and_is_counted() -> None:
    bench = Bench()
    for method in ("INVITE", "OPTIONS", "BYE"):
        assert bench.heard(request(method), peer=STRANGER) == []
    assert bench.heard(b"\x00\xff", peer=STRANGER) == []
    assert (bench.server.counts["strangers"], bench.asked) == (4, [])


def test_options_tell_whether_to_ask_here() -> None:
    bench = Bench()
    (well,) = bench.heard(request("OPTIONS"))
    assert (well.status, well.headers.get("allow")) == (200, "INVITE, ACK, CANCEL, OPTIONS")
    bench.server.draining = True
    (drains,) = bench.heard(request("OPTIONS", "z9hG4bK2"))
    assert (drains.status, drains.headers.get("retry-after")) == (503, "30")
    bench.heard(request(branch="z9hG4bK3"))
    assert bench.told()[0].status == 302, "who asks all the same is answered"


@pytest.mark.parametrize(
    ("problem", "status"),
    [
        ("no_documents", 503),
        ("no_site", 480),
        ("not_in_service", 404),
        ("blocked", 603),
        ("busy", 486),
        ("closed", 480),
        ("try_later", 480),
        ("callback", 480),
    ],
)
def test_a_problem_has_its_answer(problem: str, status: int) -> None:
    bench = Bench()
    bench.heard(request())
    assert bench.told(problem=problem, contacts=())[0].status == status


def test_cancel_ends_what_waits() -> None:
    bench = Bench()
    assert bench.heard(request("CANCEL"))[0].status == 481
    bench.heard(request())
    assert [one.status for one in bench.heard(request("CANCEL"))] == [200, 487]
    assert bench.told() == []
    assert bench.heard(request())[0].status == 487


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (request(From=""), 400),
        (request(Call_ID=""), 400),
        (request(CSeq="1 OPTIONS"), 400),
        (request(CSeq="x"), 400),
        (request(Via="SIP/2.0/UDP"), 400),
        (request(uri="sip:"), 400),
        (request(uri="mailto:ana@example"), 416),
        (request(Require="100rel, gin"), 420),
        (request(To="<sip:x@y>;tag=b"), 481),
        (request("BYE"), 481),
        (request("SUBSCRIBE"), 405),
        (request().replace(b"SIP/2.0\r\n", b"SIP/3.0\r\n", 1), 505),
        (request() + b"x" * 70_000, 513),
    ],
)
def test_what_is_not_served_is_refused_as_rfc_3261_says(data: bytes, status: int) -> None:
    bench = Bench()
    assert [one.status for one in bench.heard(data)] == [status]
    assert bench.asked == []


@pytest.mark.parametrize("data", [b"", b"\r\n", b"\x00" * 40, b"SIP/2.0 200 OK\r\n\r\n", b"INVITE"])
def test_what_is_no_request_gets_nothing(data: bytes) -> None:
    assert Bench().heard(data) == []


def test_a_flood_of_one_source_is_refused_then_not_even_read() -> None:
    client = replace(CLIENT, calls_per_s_max=2.0)
    bench = Bench(RedirectSettings(clients=(client,), messages_factor=2.0))
    answers = [bench.heard(request(branch=f"z9hG4bK{n}")) for n in range(8)]
    assert [one[0].status if one else 0 for one in answers] == [0, 0, 503, 503, 0, 0, 0, 0]
    assert (len(bench.asked), bench.server.counts["floods"]) == (2, 4)
    assert bench.heard(request(branch="z9hG4bKlater"), 3.0) == []
    assert len(bench.asked) == 3


def test_a_full_inbox_is_told_so_and_forgotten() -> None:
    bench = Bench(takes=False)
    assert bench.heard(request())[0].status == 503
    assert bench.server.open_count == 0


def test_what_is_kept_is_bounded() -> None:
    bench = Bench(RedirectSettings(clients=(CLIENT,), answers_kept_max=3))
    for n in range(10):
        bench.heard(request(branch=f"z9hG4bK{n}"))
    assert bench.server.open_count == 3


def test_who_hides_and_who_is_vouched_for_is_read() -> None:
    plain = Bench()
    plain.heard(request(P_Asserted_Identity="<sip:+351211@carrier;verstat=TN-Validation-Passed>"))
    assert (plain.asked[0].verified, plain.asked[0].caller) == (False, "sip:+351912345678@carrier")
    bench = Bench(RedirectSettings(clients=(replace(CLIENT, identity=True),)))
    asserted = "<sip:+351211@carrier;verstat=TN-Validation-Passed>"
    bench.heard(request(P_Asserted_Identity=asserted, Privacy="id"))
    assert (bench.asked[0].withheld, bench.asked[0].verified) == (True, True)
    assert bench.asked[0].caller.startswith("sip:+351211@carrier")


@pytest.mark.parametrize(
    "via",
    [
        "SIP/2.0/UDP 198.51.100.7:5070;branch=z9hG4bK1;rport",
        "SIP/2.0/UDP edge.example;rport;branch=z9hG4bK1",
        "SIP/2.0/TCP EDGE.example;branch=z9hG4bK1, SIP/2.0/UDP b;branch=z9hG4bK2",
        "SIP / 2.0 / UDP 198.51.100.7 ; branch = z9hG4bK1",
        "SIP/2.0/UDP [2001:db8::1];branch=Z9HG4BK1",
    ],
)
def test_an_ack_and_a_repetition_belong_to_their_invite_however_it_is_written(via: str) -> None:
    bench = Bench()
    bench.heard(request(Via=via))
    assert bench.heard(request(Via=via))[0].status == 100
    bench.told()
    assert bench.heard(request(Via=via))[0].status == 302
    bench.heard(request("ACK", Via=via))
    assert bench.heard(request(Via=via)) == []
    assert len(bench.asked) == 1


def test_a_name_stands_in_the_contact_as_it_is_for_the_edge_to_look_up() -> None:
    bench = Bench()
    bench.heard(request())
    named = Contact(site="porto", host="sip.porto.example", port=0, transport="udp")
    (answer,) = bench.told(contacts=(named,))
    assert answer.headers.get("contact") == "<sip:+351800100100@sip.porto.example>;q=1.0"


def test_a_call_that_was_answered_holds_nothing_of_its_question() -> None:
    """Thousands are kept, and the collector looks at each thing that they hold."""
    bench = Bench()
    bench.heard(request())
    (call,) = bench.server._calls.values()
    assert call.asked is not None, "it is asked about"
    bench.told()
    kept = gc.get_referents(call)
    assert {type(one) for one in kept} - {type, bytes, str, float, bool, type(None)} == set()
