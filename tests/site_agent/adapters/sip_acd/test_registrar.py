import pytest

from nrcli.sip.message import Headers, Request
from site_agent.adapters.sip_acd.registrar import Registrar
from site_agent.adapters.sip_acd.settings import AgentSettings, SettingsError, SipAcdSettings
from site_agent.sip.digest import authorization, parse_challenge
from site_agent.sip.signals import Peer

LISTEN = ("127.0.0.1", 5063)
PEER = Peer("udp", LISTEN, ("127.0.0.1", 40000))


def registrar() -> Registrar:
    return Registrar(
        SipAcdSettings(
            trunk_groups=(),
            queues=(),
            agents_listen=LISTEN,
            agents=(
                AgentSettings(name="anna", queues={}, contact="sip:anna@127.0.0.1:6001"),
                AgentSettings(name="Bert", queues={}),
            ),
        ),
        lambda: "id",
    )


def register(*contacts: str, to: str = "<sip:bert@site>", expires: str = "") -> Request:
    headers = Headers([("To", to)])
    for contact in contacts:
        headers.add("Contact", contact)
    if expires:
        headers.add("Expires", expires)
    return Request("REGISTER", "sip:site", headers)


def test_a_static_contact_is_known_from_the_start():
    uri, peer = registrar().contact("anna")
    assert (uri.port, peer) == (6001, Peer("udp", LISTEN, ("127.0.0.1", 6001)))


def test_a_phone_registers_and_its_registration_ends():
    phones = registrar()
    status, headers, agent, reachable = phones.register(
        register("<sip:b@127.0.0.1:7000>;expires=100"), PEER, 10.0
    )
    assert (status, agent, reachable) == (200, "Bert", True)
    assert headers == [("Contact", "<sip:b@127.0.0.1:7000>;expires=100")]
    assert phones.contact("Bert")[1].remote == ("127.0.0.1", 7000)
    assert phones.next_timer_s() == 110.0
    assert list(phones.fire(110.0)) == ["Bert"]
    assert phones.contact("Bert") is None


def test_a_phone_that_signs_off_is_gone_at_once():
    phones = registrar()
    phones.register(register("<sip:b@127.0.0.1:7000>"), PEER, 10.0)
    status, _, agent, reachable = phones.register(register("*", expires="0"), PEER, 11.0)
    assert (status, agent, reachable) == (200, "Bert", False)
    assert phones.contact("Bert") is None and phones.next_timer_s() is None


def test_tcp_phones_are_reached_by_their_own_flow():
    phones = registrar()
    flow = Peer("tcp", LISTEN, ("127.0.0.1", 50000))
    phones.register(register("<sip:b@127.0.0.1:7000;transport=tcp>"), flow, 10.0)
    assert phones.contact("Bert")[1] is flow


def test_what_is_odd_is_refused_and_changes_nothing():
    phones = registrar()
    elsewhere = Peer("udp", ("127.0.0.1", 5061), ("127.0.0.1", 40000))
    good = "<sip:b@127.0.0.1:7000>"
    assert phones.register(register(good), elsewhere, 1.0)[0] == 404
    assert phones.register(register(good, to="<sip:nobody@site>"), PEER, 1.0)[0] == 404
    assert phones.register(register(good, to="<<<"), PEER, 1.0)[0] == 400
    assert phones.register(register("<sip:b@[::1>"), PEER, 1.0)[0] == 400
    assert phones.register(register(good, expires="soon"), PEER, 1.0)[0] == 400
    status, headers, _, _ = phones.register(register(good, expires="5"), PEER, 1.0)
    assert (status, headers) == (423, [("Min-Expires", "30")])
    assert phones.register(register(), PEER, 1.0)[0] == 200
    assert phones.contact("Bert") is None


def test_a_static_contact_that_cannot_be_reached_is_refused_at_the_start():
    for contact in ("sip:anna@phone.example", "anna", "sip:anna@127.0.0.1;transport=sctp"):
        agent = AgentSettings(name="anna", queues={}, contact=contact)
        with pytest.raises(SettingsError, match=r"agents\[0\].contact"):
            Registrar(SipAcdSettings(trunk_groups=(), queues=(), agents=(agent,)), lambda: "id")


def test_a_static_contact_is_not_replaced():
    phones = registrar()
    for contact in ("<sip:evil@127.0.0.1:9>", "*"):
        said = phones.register(register(contact, to="<sip:anna@site>"), PEER, 10.0)
        assert said == (403, [], "", False)
    assert phones.contact("anna")[0].port == 6001


def test_only_the_networks_of_phones_register():
    phones = registrar()
    stranger = Peer("udp", LISTEN, ("203.0.113.5", 5060))
    said = phones.register(register("<sip:b@203.0.113.5>"), stranger, 10.0)
    assert said == (403, [], "", False)
    assert phones.contact("Bert") is None


@pytest.mark.parametrize("host", ["192.168.7.7", "phone.example"])
def test_a_phone_behind_nat_is_rung_where_it_registered_from(host: str) -> None:
    phones = registrar()
    assert phones.register(register(f"<sip:b@{host}:7000>"), PEER, 10.0)[0] == 200
    uri, peer = phones.contact("Bert")
    assert (uri.host, peer) == (host, PEER)


def test_a_phone_of_an_agent_with_a_password_is_asked() -> None:
    agent = AgentSettings(name="Bert", queues={}, password="pw")
    settings = SipAcdSettings(trunk_groups=(), queues=(), agents=(agent,), agents_listen=LISTEN)
    phones = Registrar(settings, lambda: "id")
    status, headers, name, _ = phones.register(register("<sip:b@127.0.0.1:7000>"), PEER, 1.0)
    assert (status, name) == (401, "")
    assert phones.contact("Bert") is None
    told = parse_challenge(headers[0][1])
    request = register("<sip:b@127.0.0.1:7000>")
    value = authorization(told, "REGISTER", "sip:site", ("bert", "pw"), "c")
    request.headers.add("Authorization", value)
    assert phones.register(request, PEER, 1.0)[:3:2] == (200, "Bert")
