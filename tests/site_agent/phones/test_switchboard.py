"""The phones against a site that the test plays with the same core, on a jumping clock."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

import pytest

from site_agent.phones.agent_phone import AgentSettings, Behaviour
from site_agent.phones.attached_data import canonical
from site_agent.phones.plan import CallPlan, Door, ReferMode
from site_agent.phones.results import Moved, Outcome
from site_agent.phones.sdp import offer_or_answer
from site_agent.phones.switchboard import Switchboard
from site_agent.sip.settings import SipSettings
from site_agent.sip.signals import (
    AckReceived,
    InviteReceived,
    Peer,
    ReferAnswered,
    ReferNotified,
    SendBytes,
    UserAgentEvent,
)
from site_agent.sip.user_agent import UserAgent

SITE = ("127.0.0.1", 5061)
CALLERS = ("127.0.0.1", 5080)
IVR = ("127.0.0.9", 5080)
PORTO = ("127.0.0.1", 6002)
DATA = canonical({"customer": "C1"})
MUSIC = offer_or_answer("music", "127.0.0.1", 7000)
AGENT_URI = f"sip:diogo@{PORTO[0]}:{PORTO[1]}"


class Wire:
    """The site's user agent and the phones, joined; time moves only by `run`."""

    def __init__(self, **agent: object) -> None:
        ids = count(1)
        new_id = lambda: f"id{next(ids)}"  # noqa: E731
        self.now_s = 100.0
        self.site = UserAgent(SipSettings(), new_id)
        settings = AgentSettings(
            name="diogo",
            site="porto",
            listen=PORTO,
            answer_after_s=(0.2, 0.2),
            talk_s=(2.0, 2.0),
            **agent,  # type: ignore[arg-type]
        )
        self.phones = Switchboard(
            UserAgent(SipSettings(), new_id),
            agents=[settings],
            caller_local=CALLERS,
            ivr_local=IVR,
            rtp=("127.0.0.1", 4000),
            seed=1,
            new_id=new_id,
        )
        self.events: list[UserAgentEvent] = []
        self.on_event: Callable[[UserAgentEvent], list[object]] = lambda _: []

    def carry(self, sends: list[SendBytes]) -> None:
        """Hand bytes over until nobody says anything more."""
        pending = list(sends)
        while pending:
            send = pending.pop(0)
            there = Peer(send.peer.transport, send.peer.remote, send.peer.local)
            if send.peer.remote == SITE:
                pending += self.site_outputs(self.site.receive(send.data, there, self.now_s))
            else:
                pending += self.phones.receive(send.data, there, self.now_s)

    def site_outputs(self, outputs: list[object]) -> list[SendBytes]:
        found: list[SendBytes] = []
        for output in outputs:
            if isinstance(output, SendBytes):
                found.append(output)
            else:
                self.events.append(output)  # type: ignore[arg-type]
                found += self.site_outputs(self.on_event(output))  # type: ignore[arg-type]
        return found

    def do(self, outputs: list[object]) -> None:
        """Carry out what the site's user agent was told."""
        self.carry(self.site_outputs(outputs))

    def run(self, seconds: float) -> None:
        """Let time pass, timer by timer."""
        end_s = self.now_s + seconds
        while True:
            due = [at for at in (self.site.next_timer_s(), self.phones.next_timer_s()) if at]
            self.now_s = min([end_s, *(max(at, self.now_s) for at in due)])
            self.do(self.site.fire(self.now_s))  # type: ignore[arg-type]
            self.carry(self.phones.fire(self.now_s))
            if self.now_s >= end_s:
                return

    def place(self, **more: object) -> int:
        fields: dict[str, object] = {
            "number": 1,
            "at_s": 0.0,
            "door": Door(site="lisbon", trunk_group="carrier", address=SITE),
            "dialed": "+351210000001",
            "ani": "+351910000001",
            "interaction_id": "ab" * 16,
        }
        plan = CallPlan(**{**fields, **more})  # type: ignore[arg-type]
        self.carry(self.phones.place(plan, self.now_s))
        return plan.number

    def last(self, kind: type) -> UserAgentEvent:
        return next(event for event in reversed(self.events) if isinstance(event, kind))

    @property
    def result(self) -> object:
        return self.phones.results()[0]


def _redirect(wire: Wire, *contacts: str) -> None:
    leg = wire.last(InviteReceived).leg  # type: ignore[union-attr]
    headers = [("Contact", ", ".join(contacts))]
    wire.do(wire.site.reject(leg, 302, wire.now_s, headers=headers))  # type: ignore[arg-type]


def _answer_with_music(wire: Wire) -> str:
    leg = wire.last(InviteReceived).leg  # type: ignore[union-attr]
    wire.do(wire.site.answer(leg, MUSIC, wire.now_s))  # type: ignore[arg-type]
    assert isinstance(wire.last(AckReceived), AckReceived)
    return leg


def test_a_call_that_follows_a_302_is_served_elsewhere() -> None:
    wire = Wire()
    wire.place()
    _redirect(wire, "<sip:back@127.0.0.1:5061>;q=0.5", f"<{AGENT_URI}>;q=1.0")
    wire.run(5.0)
    call = wire.phones.results()[0]
    assert (call.outcome, call.moved) == (Outcome.SERVED, Moved.REDIRECT)
    assert (call.agent, call.agent_site, call.redirects) == ("diogo", "porto", 1)
    assert call.talked_s == pytest.approx(2.0, abs=0.1)


def test_when_the_first_contact_fails_the_next_is_tried() -> None:
    wire = Wire()
    wire.place()
    _redirect(wire, "<sip:nobody@127.0.0.1:6002>;q=1.0", f"<{AGENT_URI}>;q=0.5")
    wire.run(5.0)
    assert wire.phones.results()[0].outcome is Outcome.SERVED


def test_when_every_contact_fails_the_call_has_failed_with_the_last_status() -> None:
    wire = Wire()
    wire.place()
    _redirect(wire, "<sip:nobody@127.0.0.1:6002>")
    wire.run(1.0)
    call = wire.phones.results()[0]
    assert (call.outcome, call.status) == (Outcome.FAILED, 404)


def test_a_refer_is_followed_told_about_and_ends_with_the_bye_of_the_old_leg() -> None:
    wire = Wire()
    wire.place()
    leg = _answer_with_music(wire)
    wire.do(wire.site.refer(leg, f"<{AGENT_URI}>", wire.now_s))  # type: ignore[arg-type]
    assert wire.last(ReferAnswered).status == 202  # type: ignore[union-attr]
    wire.run(0.5)
    notified = wire.last(ReferNotified)
    assert (notified.status, notified.terminated) == (200, True)  # type: ignore[union-attr]
    wire.do(wire.site.bye(leg, wire.now_s))  # type: ignore[arg-type]
    wire.run(5.0)
    call = wire.phones.results()[0]
    assert (call.outcome, call.moved, call.agent_site) == (Outcome.SERVED, Moved.REFER, "porto")
    assert call.why == ""


def test_without_notify_the_carrier_stays_silent_after_the_first() -> None:
    wire = Wire()
    door = Door(site="lisbon", trunk_group="x", address=SITE, refer=ReferMode.ACCEPT_WITHOUT_NOTIFY)
    wire.place(door=door)
    leg = _answer_with_music(wire)
    wire.do(wire.site.refer(leg, f"<{AGENT_URI}>", wire.now_s))  # type: ignore[arg-type]
    wire.run(1.0)
    finals = [one for one in wire.events if isinstance(one, ReferNotified) and one.status >= 200]
    assert finals == []


def test_a_trunk_that_refuses_refer_answers_405_and_the_call_stands() -> None:
    wire = Wire()
    wire.place(door=Door(site="lisbon", trunk_group="legacy", address=SITE, refer=ReferMode.REFUSE))
    leg = _answer_with_music(wire)
    wire.do(wire.site.refer(leg, f"<{AGENT_URI}>", wire.now_s))  # type: ignore[arg-type]
    assert wire.last(ReferAnswered).status == 405  # type: ignore[union-attr]
    call = wire.phones.results()[0]
    assert (call.outcome, call.refers_refused) == (Outcome.OPEN, 1)


def test_a_refer_that_fails_leaves_the_caller_where_they_were() -> None:
    wire = Wire()
    wire.place()
    leg = _answer_with_music(wire)
    target = "<sip:nobody@127.0.0.1:6002>"
    wire.do(wire.site.refer(leg, target, wire.now_s))  # type: ignore[arg-type]
    wire.run(1.0)
    assert wire.last(ReferNotified).status == 404  # type: ignore[union-attr]
    assert wire.phones.results()[0].outcome is Outcome.OPEN


def test_a_call_dropped_while_it_waits_is_lost() -> None:
    wire = Wire()
    wire.place()
    leg = _answer_with_music(wire)
    wire.do(wire.site.bye(leg, wire.now_s))  # type: ignore[arg-type]
    call = wire.phones.results()[0]
    assert (call.outcome, call.why) == (Outcome.LOST, "dropped by the site")


@pytest.mark.parametrize("answered", [False, True])
def test_a_caller_without_patience_leaves(answered: bool) -> None:
    wire = Wire()
    wire.place(patience_s=3.0)
    if answered:
        _answer_with_music(wire)
    wire.run(4.0)
    assert wire.phones.results()[0].outcome is Outcome.ABANDONED


def test_data_goes_into_the_ivrs_headers_and_comes_back_from_the_agents_phone() -> None:
    wire = Wire()
    wire.place(data=DATA, from_ivr=True)
    invite = wire.last(InviteReceived)
    assert invite.peer.remote == IVR  # type: ignore[union-attr]
    assert invite.request.headers.get("X-NIRC-Interaction") == "ab" * 16  # type: ignore[union-attr]
    _redirect(wire, f"<{AGENT_URI}>")
    wire.run(5.0)
    call = wire.phones.results()[0]
    assert call.data_checked
    assert not call.data_intact, "the caller must not carry the data over by itself"


def test_the_caller_hangs_up_after_their_own_talk_time() -> None:
    wire = Wire()
    wire.place(talk_s=0.5)
    _redirect(wire, f"<{AGENT_URI}>")
    wire.run(5.0)
    call = wire.phones.results()[0]
    assert call.outcome is Outcome.SERVED
    assert call.talked_s == pytest.approx(0.5, abs=0.1)


def test_a_phone_that_is_rung_twice_tells_of_a_double_booking() -> None:
    wire = Wire()
    wire.place()
    _redirect(wire, f"<{AGENT_URI}>")
    wire.run(1.0)
    wire.place(number=2)
    _redirect(wire, f"<{AGENT_URI}>")
    wire.run(0.5)
    assert [phone.double_booked_count for phone in wire.phones.agents.values()] == [1]


def test_behaviour_can_be_changed_while_it_runs() -> None:
    wire = Wire()
    assert not wire.phones.set_behaviour("porto", "nobody", Behaviour.REFUSE, None)
    assert wire.phones.set_behaviour("porto", "diogo", Behaviour.REFUSE, None)
    wire.place()
    _redirect(wire, f"<{AGENT_URI}>")
    wire.run(1.0)
    assert wire.phones.results()[0].status == 480


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
