from __future__ import annotations

import pytest
from phone_wire import AGENT_URI, SITE, Wire, answer_with_music, redirect

from site_agent.phones.plan import Door, ReferMode
from site_agent.phones.results import Moved, Outcome
from site_agent.sip.signals import ReferAnswered, ReferNotified


def test_a_call_that_follows_a_302_is_served_elsewhere() -> None:
    wire = Wire()
    wire.place()
    redirect(wire, "<sip:back@127.0.0.1:5061>;q=0.5", f"<{AGENT_URI}>;q=1.0")
    wire.run(5.0)
    call = wire.phones.results()[0]
    assert (call.outcome, call.moved) == (Outcome.SERVED, Moved.REDIRECT)
    assert (call.agent, call.agent_site, call.redirects) == ("diogo", "porto", 1)
    assert call.talked_s == pytest.approx(2.0, abs=0.1)


def test_when_the_first_contact_fails_the_next_is_tried() -> None:
    wire = Wire()
    wire.place()
    redirect(wire, "<sip:nobody@127.0.0.1:6002>;q=1.0", f"<{AGENT_URI}>;q=0.5")
    wire.run(5.0)
    assert wire.phones.results()[0].outcome is Outcome.SERVED


def test_when_every_contact_fails_the_call_has_failed_with_the_last_status() -> None:
    wire = Wire()
    wire.place()
    redirect(wire, "<sip:nobody@127.0.0.1:6002>")
    wire.run(1.0)
    call = wire.phones.results()[0]
    assert (call.outcome, call.status) == (Outcome.FAILED, 404)


def test_a_refer_is_followed_told_about_and_ends_with_the_bye_of_the_old_leg() -> None:
    wire = Wire()
    wire.place()
    leg = answer_with_music(wire)
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
    leg = answer_with_music(wire)
    wire.do(wire.site.refer(leg, f"<{AGENT_URI}>", wire.now_s))  # type: ignore[arg-type]
    wire.run(1.0)
    finals = [one for one in wire.events if isinstance(one, ReferNotified) and one.status >= 200]
    assert finals == []


def test_a_trunk_that_refuses_refer_answers_405_and_the_call_stands() -> None:
    wire = Wire()
    wire.place(door=Door(site="lisbon", trunk_group="legacy", address=SITE, refer=ReferMode.REFUSE))
    leg = answer_with_music(wire)
    wire.do(wire.site.refer(leg, f"<{AGENT_URI}>", wire.now_s))  # type: ignore[arg-type]
    assert wire.last(ReferAnswered).status == 405  # type: ignore[union-attr]
    call = wire.phones.results()[0]
    assert (call.outcome, call.refers_refused) == (Outcome.OPEN, 1)


def test_a_refer_that_fails_leaves_the_caller_where_they_were() -> None:
    wire = Wire()
    wire.place()
    leg = answer_with_music(wire)
    target = "<sip:nobody@127.0.0.1:6002>"
    wire.do(wire.site.refer(leg, target, wire.now_s))  # type: ignore[arg-type]
    wire.run(1.0)
    assert wire.last(ReferNotified).status == 404  # type: ignore[union-attr]
    assert wire.phones.results()[0].outcome is Outcome.OPEN


def test_a_call_dropped_while_it_waits_is_lost() -> None:
    wire = Wire()
    wire.place()
    leg = answer_with_music(wire)
    wire.do(wire.site.bye(leg, wire.now_s))  # type: ignore[arg-type]
    call = wire.phones.results()[0]
    assert (call.outcome, call.why) == (Outcome.LOST, "dropped by the site")


@pytest.mark.parametrize("answered", [False, True])
def test_a_caller_without_patience_leaves(answered: bool) -> None:
    wire = Wire()
    wire.place(patience_s=3.0)
    if answered:
        answer_with_music(wire)
    wire.run(4.0)
    assert wire.phones.results()[0].outcome is Outcome.ABANDONED
