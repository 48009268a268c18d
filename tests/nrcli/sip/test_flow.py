"""One flow of SIP."""

from nrcli.sip.flow import Peer


def test_the_same_addresses_are_the_same_flow() -> None:
    one = Peer("udp", ("127.0.0.1", 5060), ("192.0.2.1", 5070))
    assert {one: 1}[Peer("udp", ("127.0.0.1", 5060), ("192.0.2.1", 5070))] == 1
    assert one != Peer("tcp", ("127.0.0.1", 5060), ("192.0.2.1", 5070))
