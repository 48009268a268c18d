"""Questions to members, and what their answers mean."""

from __future__ import annotations

from balancer_wire import DOOR, ONE, TWO, answer, balancer, read_request, read_response

from nrcli.sip.flow import Peer
from site_agent.balancer.members import Standing


def test_every_member_is_asked_at_its_own_pace() -> None:
    found = balancer()
    asked = found.fire(10.0)
    assert {peer.remote for peer, _ in asked} == {ONE, TWO}
    assert all(read_request(data).method == "OPTIONS" for _, data in asked)
    assert found.fire(11.0) == [] and found.next_timer_s() == 12.0


def test_a_member_that_takes_no_calls_says_so_by_503() -> None:
    found = balancer()
    probes = {peer.remote: data for peer, data in found.fire(0.0)}
    found.receive(answer(probes[ONE], 503), Peer("udp", DOOR, ONE), 0.1)
    one = found.members.get("one")
    assert one is not None and one.standing is Standing.BUSY


def test_nobody_answers_for_another() -> None:
    found = balancer()
    for member in found.members:
        member.standing = Standing.DOWN
    probes = {peer.remote: data for peer, data in found.fire(0.0)}
    said = answer(probes[ONE], 200)
    assert read_response(said).status == 200
    found.receive(said, Peer("udp", DOOR, TWO), 0.1)
    found.receive(answer(probes[TWO], 100), Peer("udp", DOOR, TWO), 0.1)
    assert {member.standing for member in found.members} == {Standing.DOWN}
