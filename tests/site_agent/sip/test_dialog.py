"""Dialogs: route set, target, counters, next hop."""

import pytest

from nrcli.sip.errors import MessageError
from nrcli.sip.message import Headers, Request, Response
from site_agent.sip.dialog import Dialog, contact_target, hop_of
from site_agent.sip.signals import Peer

PEER = Peer("udp", ("127.0.0.1", 5002), ("127.0.0.1", 5001))
LINES = [
    ("Call-ID", "c"),
    ("From", "<sip:a@h>;tag=ft"),
    ("Record-Route", "<sip:10.0.0.1;lr>, <sip:10.0.0.2;lr>"),
    ("Record-Route", "<sip:10.0.0.3;lr>"),
    ("Contact", '"A" <sip:a@10.0.0.9:5070>;q=1'),
]


def test_as_server() -> None:
    request = Request("INVITE", "sip:x@y", Headers([*LINES, ("To", "<sip:b@h>")]))
    dialog = Dialog.as_server(request, "tt", 7, PEER)
    assert (dialog.local, dialog.remote) == ("<sip:b@h>;tag=tt", "<sip:a@h>;tag=ft")
    assert (dialog.remote_tag, dialog.target) == ("ft", "sip:a@10.0.0.9:5070")
    assert dialog.routes[0] == "<sip:10.0.0.1;lr>"
    assert dialog.next_hop().remote == ("10.0.0.1", 5060)
    assert not dialog.accepts_cseq(7)
    assert dialog.accepts_cseq(9)
    assert not dialog.accepts_cseq(8)


def test_as_client() -> None:
    response = Response(200, "", Headers([*LINES, ("To", "<sip:b@h>;tag=tt")]))
    dialog = Dialog.as_client(response, "<sip:a@h>;tag=ft", 1, PEER)
    assert dialog.routes[0] == "<sip:10.0.0.3;lr>"
    assert (dialog.local_tag, dialog.remote_tag, dialog.next_cseq()) == ("ft", "tt", 2)


def test_a_strict_router_gets_its_own_uri() -> None:
    dialog = Dialog("c", PEER)
    dialog.target, dialog.routes = "sip:t@h", ["<sip:strict@h>", "<sip:b@h;lr>"]
    assert dialog.request_line() == ("sip:strict@h", ["<sip:b@h;lr>", "<sip:t@h>"])


@pytest.mark.parametrize(
    ("uri", "remote"),
    [
        ("sip:a@10.0.0.9", ("10.0.0.9", 5060)),
        ("sip:a@name.example:7", ("127.0.0.1", 5001)),
        ("sip:a@[::1]:7", ("::1", 7)),
        ("nonsense", ("127.0.0.1", 5001)),
    ],
)
def test_next_hop(uri: str, remote: tuple[str, int]) -> None:
    assert hop_of(uri, PEER).remote == remote


def test_a_standing_connection_is_used_again() -> None:
    flow = Peer("tcp", ("127.0.0.1", 5002), ("10.0.0.9", 40_000))
    assert hop_of("sip:a@10.0.0.9:5060;transport=tcp", flow) is flow
    assert hop_of("sip:a@10.0.0.8:5060", flow).remote == ("10.0.0.8", 5060)


def test_contacts() -> None:
    assert contact_target(Headers()) == ""
    with pytest.raises(MessageError):
        contact_target(Headers([("Contact", "<sip:>")]))


@pytest.mark.parametrize(
    ("uri", "transport", "port"),
    [
        ("sips:a@10.0.0.9", "tls", 5061),
        ("sip:a@10.0.0.9;transport=TLS", "tls", 5061),
        ("sips:a@10.0.0.9:7;transport=tcp", "tls", 7),
        ("sip:a@10.0.0.9;transport=tcp", "tcp", 5060),
    ],
)
def test_sips_and_the_transport_parameter_say_how(uri: str, transport: str, port: int) -> None:
    assert hop_of(uri, PEER) == Peer(transport, PEER.local, ("10.0.0.9", port))


def test_a_far_end_behind_nat_is_reached_by_its_flow() -> None:
    dialog = Dialog("c", PEER)
    dialog.target = "sip:anna@192.168.7.7:5060"
    assert dialog.next_hop().remote == ("192.168.7.7", 5060)
    dialog.keeps_flow = True
    assert dialog.next_hop() == PEER
    dialog.routes = ["<sip:10.0.0.1;lr>"]
    assert dialog.next_hop().remote == ("10.0.0.1", 5060)


@pytest.mark.parametrize("value", ['<sip:10.0.0.4;lr>, "x', "<sip:10.0.0.4;lr", '"x" y'])
def test_a_record_route_that_cannot_be_read_is_none(value: str) -> None:
    headers = Headers([*LINES, ("Record-Route", value)])
    request = Request("INVITE", "sip:s@h", headers)
    assert Dialog.as_server(request, "t", 1, PEER).routes == []
    headers.add("To", "<sip:b@h>;tag=t")
    assert Dialog.as_client(Response(200, "", headers), "<sip:a@h>;tag=ft", 1, PEER).routes == []
