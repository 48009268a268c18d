from __future__ import annotations

from phone_wire import AGENT_URI, DATA, IVR, SITE, Wire, redirect

from site_agent.phones.plan import CallPlan, Door
from site_agent.sip.signals import InviteReceived


def test_data_goes_into_the_ivrs_headers_and_comes_back_from_the_agents_phone() -> None:
    wire = Wire()
    wire.place(data=DATA, from_ivr=True)
    invite = wire.last(InviteReceived)
    assert invite.peer.remote == IVR  # type: ignore[union-attr]
    assert invite.request.headers.get("X-NIRC-Interaction") == "ab" * 16  # type: ignore[union-attr]
    redirect(wire, f"<{AGENT_URI}>")
    wire.run(5.0)
    call = wire.phones.results()[0]
    assert call.data_checked
    assert not call.data_intact, "the caller must not carry the data over by itself"


def test_scheduled_calls_come_at_their_time_until_stopped() -> None:
    wire = Wire()
    door = Door(site="lisbon", trunk_group="carrier", address=SITE)
    plans = [
        CallPlan(number=number, at_s=at_s, door=door, dialed="1", ani="2", interaction_id="c" * 32)
        for number, at_s in ((1, 1.0), (2, 2.0))
    ]
    wire.phones.schedule(plans, wire.now_s)
    wire.run(1.5)
    assert len(wire.phones.results()) == 1
    wire.phones.stop_schedule()
    wire.run(1.5)
    assert len(wire.phones.results()) == 1
