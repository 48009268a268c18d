from __future__ import annotations

import pytest
from phone_wire import AGENT_URI, DATA, Wire, redirect

from site_agent.phones.agent_phone import Behaviour
from site_agent.phones.results import Outcome


def test_the_caller_hangs_up_after_their_own_talk_time() -> None:
    wire = Wire()
    wire.place(talk_s=0.5)
    redirect(wire, f"<{AGENT_URI}>")
    wire.run(5.0)
    call = wire.phones.results()[0]
    assert call.outcome is Outcome.SERVED
    assert call.talked_s == pytest.approx(0.5, abs=0.1)


def test_a_phone_that_is_rung_twice_tells_of_a_double_booking() -> None:
    wire = Wire()
    wire.place()
    redirect(wire, f"<{AGENT_URI}>")
    wire.run(1.0)
    wire.place(number=2)
    redirect(wire, f"<{AGENT_URI}>")
    wire.run(0.5)
    assert [phone.double_booked_count for phone in wire.phones.agents.values()] == [1]


def test_behaviour_can_be_changed_while_it_runs() -> None:
    wire = Wire()
    assert not wire.phones.set_behaviour("porto", "nobody", Behaviour.REFUSE, None)
    assert wire.phones.set_behaviour("porto", "diogo", Behaviour.REFUSE, None)
    wire.place()
    redirect(wire, f"<{AGENT_URI}>")
    wire.run(1.0)
    assert wire.phones.results()[0].status == 480


def test_a_phone_that_is_rung_without_an_offer_learns_the_caller_from_the_ack() -> None:
    wire = Wire()
    invite = "sip:diogo@127.0.0.1:6002"
    wire.invite_without_offer(invite)
    wire.run(0.5)
    (phone,) = wire.phones.agents.values()
    assert phone.current is not None
    assert (phone.current.call, phone.current.connected) == ("77", True)
    assert phone.current.data == DATA


def test_a_phone_passes_its_caller_on_and_writes_down_what_it_is_told() -> None:
    wire = Wire()
    with pytest.raises(ValueError, match="talks with nobody"):
        wire.phones.order_agent("porto", "diogo", "transfer", "service-sales", 0.0)
    wire.place(talk_s=5.0)
    redirect(wire, f"<{AGENT_URI}>")
    wire.run(1.0)
    (phone,) = wire.phones.agents.values()
    assert phone.current is not None
    sent = wire.phones.order_agent("porto", "diogo", "transfer", "service-sales", wire.now_s)
    assert b"Refer-To: <sip:service-sales@site>" in sent[0].data
