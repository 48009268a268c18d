from __future__ import annotations

from phone_wire import AGENT_URI, DATA, IVR, MUSIC, PORTO, SITE, Wire, redirect

from nrcli.sip.message import SipUri
from site_agent.phones.plan import CallPlan, Door
from site_agent.sip.signals import AnswerReceived, InviteReceived, Peer, UserAgentEvent


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


def test_behind_a_pbx_with_media_of_its_own_the_interactions_id_tells_who_talks() -> None:
    wire = Wire()

    def pbx(event: UserAgentEvent) -> list[object]:
        if isinstance(event, InviteReceived):
            return list(wire.site.answer(event.leg, MUSIC, wire.now_s))
        if isinstance(event, AnswerReceived):
            return list(wire.site.ack(event.leg, wire.now_s))
        return []

    wire.on_event = pbx
    wire.place()
    wire.run(0.5)
    peer = Peer("udp", SITE, PORTO)
    headers = [("X-NIRC-Interaction", "ab" * 16)]
    wire.do(
        list(
            wire.site.invite(
                "to-agent",
                SipUri.parse(AGENT_URI),
                peer,
                wire.now_s,
                from_="<sip:pbx@127.0.0.1>",
                to=f"<{AGENT_URI}>",
                body=MUSIC,
                headers=headers,
            )
        )
    )
    wire.run(1.0)
    story = wire.phones.results()[0]
    assert (story.agent, story.agent_site) == ("diogo", "porto")
    assert story.interaction_received == "ab" * 16
