"""A balancer: what comes in at its doors, and what goes out by them."""

from __future__ import annotations

import random

import pytest
from balancer_wire import (
    CALLER,
    DOOR,
    ONE,
    OUTSIDE,
    TWO,
    answer,
    balancer,
    read_request,
    read_response,
    request,
)

from nrcli.sip.flow import Peer
from site_agent.balancer.core import Balancer
from site_agent.balancer.members import Standing
from site_agent.balancer.settings import MemberSettings


def inside(address: tuple[str, int]) -> Peer:
    return Peer("udp", DOOR, address)


def given(found: Balancer, data: bytes, now_s: float = 0.0) -> tuple[tuple[str, int], bytes]:
    """To whom a caller's request went, and what."""
    [(peer, sent)] = found.receive(data, OUTSIDE, now_s)
    return peer.remote, sent


def refusal(found: Balancer, data: bytes, peer: Peer = OUTSIDE) -> int:
    [(to, sent)] = found.receive(data, peer, 0.0)
    assert to == peer
    return read_response(sent).status


def test_calls_are_shared_and_a_call_stays_where_it_is() -> None:
    found = balancer()
    homes = {call: given(found, request(call=call))[0] for call in ("c1", "c2", "c3", "c4")}
    assert sorted(homes.values()) == [ONE, ONE, TWO, TWO]
    for call, home in homes.items():
        for data in (
            request(call=call),
            request("CANCEL", call=call),
            request("ACK", call=call, tag="m1"),
            request("BYE", call=call, tag="m1"),
        ):
            assert given(found, data, 0.3)[0] == home


def test_an_answer_comes_back_to_the_caller_with_our_route_in_it() -> None:
    found = balancer()
    member, sent = given(found, request())
    [(peer, back)] = found.receive(answer(sent), inside(member), 0.1)
    assert peer.remote == CALLER
    assert read_response(back).headers.get("record-route") == "<sip:10.0.0.9:5060;transport=udp;lr>"
    assert len(read_response(back).headers.get_all("via")) == 1


def test_a_member_ends_a_call_through_the_balancer() -> None:
    found = balancer()
    member, sent = given(found, request())
    found.receive(answer(sent), inside(member), 0.1)
    bye = request("BYE", "Route: <sip:10.0.0.9:5060;lr>", tag="f1").replace(
        b"BYE sip:sales@10.0.0.9", b"BYE sip:+351210000001@192.0.2.99:5060"
    )
    [(peer, passed)] = found.receive(bye, inside(member), 9.0)
    assert peer.remote == CALLER, "where the caller's own request came from, not what it says"
    assert "Route" not in read_request(passed).headers
    [(peer, _)] = found.receive(answer(passed), OUTSIDE, 9.1)
    assert peer.remote == member


def test_a_member_rings_a_telephone_that_logged_in_through_the_balancer() -> None:
    found = balancer()
    invite = request(call="ring").replace(
        b"INVITE sip:sales@10.0.0.9", b"INVITE sip:anna@192.0.2.44:5090"
    )
    [(peer, passed)] = found.receive(invite, inside(ONE), 0.0)
    assert peer.remote == ("192.0.2.44", 5090)
    phone = Peer("udp", DOOR, peer.remote)
    [(peer, back)] = found.receive(answer(passed), phone, 0.1)
    assert peer.remote == ONE
    assert read_response(back).headers.get("record-route") == "<sip:10.0.0.9:5060;transport=udp;lr>"
    cancel = request("CANCEL", call="ring").replace(
        b"sip:sales@10.0.0.9 SIP", b"sip:anna@192.0.2.44:5090 SIP"
    )
    [(peer, _)] = found.receive(cancel, inside(ONE), 0.2)
    assert peer.remote == phone.remote
    bye = request("BYE", "Route: <sip:10.0.0.9:5060;lr>", call="ring", tag="m1")
    bye = bye.replace(b"BYE sip:sales@10.0.0.9", b"BYE sip:one@10.0.1.1:5060")
    [(peer, _)] = found.receive(bye, phone, 5.0)
    assert peer.remote == ONE
    assert {one.calls_count for one in found.members} == {0}


def test_a_request_within_a_call_that_is_forgotten_finds_its_member() -> None:
    found = balancer()
    bye = request("BYE", tag="m1", call="old").replace(
        b"sip:sales@10.0.0.9 SIP", b"sip:10.0.1.2 SIP"
    )
    assert given(found, bye)[0] == TWO
    assert refusal(found, request("BYE", tag="m1", call="older")) == 481
    assert found.receive(request("ACK", tag="m1", call="older"), OUTSIDE, 0.0) == []


def test_a_caller_whose_member_says_nothing_is_given_to_another() -> None:
    found = balancer()
    first, _ = given(found, request())
    assert given(found, request(), 0.5)[0] == first
    second, sent = given(found, request(), 1.5)
    assert second != first
    found.receive(answer(sent, 180), inside(second), 1.6)
    assert given(found, request(), 3.5)[0] == second
    assert found.counts["tried_again"] == 1


def test_who_never_answers_is_down_until_a_probe_is_answered() -> None:
    found = balancer()
    for call in ("c1", "c2", "c3", "c4"):
        if given(found, request(call=call))[0] == ONE:
            given(found, request(call=call), 2.0)
    assert {given(found, request(call=f"d{n}"), 2.0)[0] for n in range(4)} == {TWO}
    probes = {peer.remote: data for peer, data in found.fire(3.0)}
    assert set(probes) == {ONE, TWO}
    assert found.receive(answer(probes[ONE]), inside(ONE), 3.1) == []
    assert {given(found, request(call=f"e{n}"), 4.0)[0] for n in range(4)} == {ONE, TWO}


def test_a_member_that_answers_no_probes_gets_no_calls() -> None:
    found = balancer()
    for second in range(0, 10, 2):
        for peer, data in found.fire(float(second)):
            if peer.remote == TWO:
                found.receive(answer(data, 200), inside(TWO), second + 0.1)
    one = found.members.get("one")
    assert one is not None and one.standing is Standing.DOWN
    assert {given(found, request(call=f"d{n}"))[0] for n in range(4)} == {TWO}


def test_a_flow_that_fails_is_a_member_that_is_down() -> None:
    found = balancer()
    found.failed(Peer("tcp", DOOR, ONE))
    assert {given(found, request(call=f"d{n}"))[0] for n in range(4)} == {TWO}


def test_members_come_go_and_drain_while_calls_stand() -> None:
    found = balancer()
    home, _ = given(found, request())
    name = "one" if home == ONE else "two"
    other = MemberSettings(name="new", addresses={"carrier": ("10.0.1.3", 5060)})
    found.use([MemberSettings(name=name, addresses={"carrier": home}, draining=True), other])
    assert given(found, request("BYE", tag="m1"))[0] == home
    assert given(found, request(call="c2"))[0] == ("10.0.1.3", 5060)
    found.use([other])
    assert refusal(found, request("BYE", tag="m1")) == 481


def test_registrations_go_where_the_name_leads() -> None:
    found = balancer()

    def home(agent: str) -> tuple[str, int]:
        data = request("REGISTER", call=agent).replace(
            b"To: <sip:sales@", f"To: <sip:{agent}@".encode()
        )
        return given(found, data)[0]

    homes = {agent: home(agent) for agent in (f"agent{n}" for n in range(30))}
    assert set(homes.values()) == {ONE, TWO}
    assert all(home(agent) == at for agent, at in homes.items())


def test_options_say_whether_this_address_takes_calls() -> None:
    found = balancer()
    assert refusal(found, request("OPTIONS")) == 200
    for member in found.members:
        member.standing = Standing.DOWN
    assert refusal(found, request("OPTIONS")) == 503
    assert refusal(found, request(call="c9")) == 503


def test_who_is_not_listed_hears_nothing() -> None:
    found = balancer()
    assert found.receive(request(), Peer("udp", DOOR, ("203.0.113.5", 5060)), 0.0) == []
    assert found.counts["foreign"] == 1


def test_a_response_from_outside_leads_to_members_only() -> None:
    found = balancer()
    _, sent = given(found, request())
    assert found.receive(answer(sent), OUTSIDE, 0.1) == [], "nobody is sent what strangers answer"


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (request().replace(b"Call-ID: c1\r\n", b""), 400),
        (request("INVITE", "Max-Forwards: 0"), 483),
        (request("CANCEL", call="unknown"), 481),
        (request("BYE", "Route: <nonsense", tag="m1"), 400),
    ],
)
def test_what_cannot_be_passed_on_is_refused(data: bytes, status: int) -> None:
    assert refusal(balancer(), data) == status


def test_nothing_that_comes_in_breaks_it() -> None:
    found, dice = balancer(), random.Random(7)
    whole = [request(), request("REGISTER"), request("BYE", "Route: <sip:10.0.0.9;lr>", tag="m1")]
    whole.append(answer(given(found, request(call="c5"))[1]))
    for _ in range(3000):
        data = bytearray(dice.choice(whole))
        for _ in range(dice.randint(1, 4)):
            data[dice.randrange(len(data))] = dice.randrange(256)
        for peer in (OUTSIDE, inside(ONE)):
            found.receive(bytes(data), peer, 1.0)


def test_people_see_how_the_members_stand() -> None:
    found = balancer()
    given(found, request())
    told = found.status()
    assert [one["standing"] for one in told["members"]] == ["up", "up"]
    assert sum(one["calls_remembered"] for one in told["members"]) == 1


@pytest.mark.parametrize("count", [1, -1])
def test_another_version_of_sip_is_told_so_whatever_its_via_says(count: int) -> None:
    """RFC 3261 21.5.6; a stranger still hears nothing."""
    odd = request().replace(b"SIP/2.0", b"SIP/3.0", count)
    assert refusal(balancer(), odd) == 505
    assert balancer().receive(odd, Peer("udp", DOOR, ("203.0.113.9", 5060)), 0.0) == []
