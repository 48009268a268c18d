"""The second call of an agent's phone, against a site that the test plays."""

from __future__ import annotations

import pytest
from phone_wire import MUSIC, Wire

from site_agent.phones.sdp import offer_or_answer
from site_agent.sip.signals import InviteReceived, ReferReceived, ReinviteReceived


def talking() -> Wire:
    """Diogo's phone talks with a caller."""
    wire = Wire()
    wire.invite_without_offer("sip:diogo@127.0.0.1:6002")
    wire.run(0.5)
    wire.on_event = lambda event: (
        wire.site.accept_reinvite(event.leg, MUSIC, wire.now_s)  # type: ignore[return-value]
        if isinstance(event, ReinviteReceived)
        else []
    )
    return wire


def order(wire: Wire, do: str, to: str = "") -> None:
    wire.carry(wire.phones.order_agent("porto", "diogo", do, to, wire.now_s))
    wire.run(0.1)


def shown(wire: Wire) -> dict[str, object]:
    (phone,) = wire.phones.agents.values()
    return phone.shown()


def answered(wire: Wire) -> str:
    leg = wire.last(InviteReceived).leg  # type: ignore[attr-defined]
    body = offer_or_answer("agent elsa@faro", "127.0.0.1", 7100)
    wire.do(wire.site.answer(leg, body, wire.now_s))  # type: ignore[arg-type]
    wire.run(0.1)
    return leg


def test_a_hold_and_its_end_are_said_in_the_session_description() -> None:
    wire = talking()
    for do, direction in (("hold", b"a=sendonly"), ("resume", b"a=sendrecv")):
        order(wire, do)
        assert direction in wire.last(ReinviteReceived).request.body  # type: ignore[attr-defined]
        assert shown(wire)["talks_with"] == "music"


def test_a_consult_call_comes_from_the_agent_and_is_named_in_the_join() -> None:
    wire = talking()
    with pytest.raises(ValueError, match="no second call"):
        order(wire, "join", "service-sales")
    order(wire, "consult", "service-sales")
    invite = wire.last(InviteReceived).request  # type: ignore[attr-defined]
    assert (invite.uri.user, "sip:diogo@" in invite.headers.get("From")) == ("service-sales", True)
    answered(wire)
    assert shown(wire)["second"] == {
        "stands": True,
        "status": 200,
        "talks_with": "agent elsa@faro",
    }
    order(wire, "join", "service-sales")
    refer = wire.last(ReferReceived)
    assert refer.replaces.startswith(invite.headers.get("Call-ID"))  # type: ignore[attr-defined]


@pytest.mark.parametrize("rings", [True, False])
def test_a_consult_call_is_given_up(rings: bool) -> None:
    wire = talking()
    order(wire, "consult", "service-sales")
    if not rings:
        answered(wire)
    order(wire, "drop_second")
    assert not shown(wire)["second"]["stands"]  # type: ignore[index]
    assert shown(wire)["in_call"]


def test_a_refused_consult_call_is_over() -> None:
    wire = talking()
    order(wire, "consult", "service-nowhere")
    leg = wire.last(InviteReceived).leg  # type: ignore[attr-defined]
    wire.do(wire.site.reject(leg, 404, wire.now_s))  # type: ignore[arg-type]
    wire.run(0.1)
    assert shown(wire)["second"] == {"stands": False, "status": 404, "talks_with": ""}
