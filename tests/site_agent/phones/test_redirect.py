from nrcli.sip.message import Response, SipUri, parse
from site_agent.phones.redirect import contacts_by_q, peer_of


def _redirect(*contacts: str) -> Response:
    lines = "".join(f"Contact: {contact}\r\n" for contact in contacts)
    found = parse(
        (
            "SIP/2.0 302 Moved Temporarily\r\nVia: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK1\r\n"
            "From: <sip:a@b>;tag=1\r\nTo: <sip:c@d>;tag=2\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\n"
            f"{lines}Content-Length: 0\r\n\r\n"
        ).encode()
    )
    assert isinstance(found, Response)
    return found


def test_the_best_contact_comes_first() -> None:
    response = _redirect("<sip:home@10.0.0.1>;q=0.5, <sip:away@10.0.0.2:5062>;q=1.0")
    assert [uri.user for uri in contacts_by_q(response)] == ["away", "home"]


def test_equal_contacts_keep_their_order_and_no_q_means_first() -> None:
    response = _redirect("<sip:c@10.0.0.1>;q=0.1", "<sip:a@10.0.0.1>", "<sip:b@10.0.0.1>;q=1")
    assert [uri.user for uri in contacts_by_q(response)] == ["a", "b", "c"]


def test_a_contact_with_a_senseless_q_comes_last() -> None:
    response = _redirect("<sip:a@10.0.0.1>;q=high", "<sip:b@10.0.0.1>;q=0.2")
    assert [uri.user for uri in contacts_by_q(response)] == ["b", "a"]


def test_the_flow_follows_port_and_transport_of_the_address() -> None:
    local = ("127.0.0.1", 5080)
    assert peer_of(SipUri.parse("sip:x@127.0.0.2"), local).remote == ("127.0.0.2", 5060)
    peer = peer_of(SipUri.parse("sip:x@127.0.0.2:5062;transport=TCP"), local)
    assert (peer.transport, peer.remote) == ("tcp", ("127.0.0.2", 5062))
