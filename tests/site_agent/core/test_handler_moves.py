"""Callers go to handlers by NIRC's word or the site's own; whom a handler fails waits on."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from restarted_play import begun, link, restarted, stands
from site_playbook import EPOCH, SETTINGS, SitePlay, agent_of, led, offered, sign

from nrcli.wire import messages as msg
from site_agent.adapters import base
from site_agent.core.actions import RaiseAlarm
from site_agent.core.events import OverflowRulesRead

URI = "sip:mail@192.0.2.50:5070"
WAYS = "[{trunk_group: carrier, methods: [redirect_302, refer, bridge], follows_contacts: true}]"
RULES = (
    "apiVersion: nirc/v1\nkind: OverflowRules\nmetadata: {name: lisbon}\nspec:\n  queues:\n"
    "    - queue: sales\n      to_handler:\n"
    "        - {name: late, when: call.waited_s > 20, handler: %s, reason: busy}\n"
)


def documents(ways: str = WAYS, **more: object) -> bytes:
    words = "".join(f", {key}: {value}" for key, value in more.items())
    address = "" if "number" in more else f'uri: "{URI}", '
    text = (
        "apiVersion: nirc/v1\nkind: Handler\nmetadata: {name: mail}\n"
        f"spec: {{{address}ways: {ways}{words}}}\n"
    )
    return json.dumps({"Handler/mail": text}).encode()


def asked(*, answered: bool = False, settings: Any = SETTINGS, **more: object) -> SitePlay:
    """A caller waits, and NIRC says: to the voicemail."""
    play = led(settings, documents=documents(**more))
    play.event(offered(dialed_number="+351210000001"))
    request = play.sent(msg.RouteRequest)[0]
    if answered:
        play.event(base.CallAnswered(call_id="c1"))
    return play.said(told(request.request_id))


def told(request_id: str, **fields: Any) -> msg.RouteAnswer:
    known: dict[str, Any] = {
        "domain": "default",
        "epoch": EPOCH,
        "request_id": request_id,
        "outcome": msg.RouteOutcome.STAY,
        "handler": "mail",
    }
    return msg.RouteAnswer(**(known | fields))


def outcome(play: SitePlay) -> str:
    (line,) = play.lines("move_ended")
    return str(line["outcome"])


def test_a_ringing_caller_is_redirected_with_a_second_contact_home() -> None:
    play = asked()
    move = play.one(base.StartMove)
    assert (move.method, move.address) == (msg.TransferMethod.REDIRECT_302, URI)
    assert move.return_address.startswith("sip:nirc-") and not move.by_carrier
    assert (move.dialed_number, move.because) == ("+351210000001", "no_answer")
    assert move.user_to_user == "" and move.data == b""
    sign(play, base.MoveSign.REDIRECTED, move.move_id, 302)
    play.event(base.CallEnded(call_id="c1", released_by="redirected", sip_status=302, waited_s=1.0))
    (record,) = play.sent(msg.CallLegRecord)
    assert record.end_reason == "to_handler"
    play.wait(60.0)
    assert outcome(play) == "to_handler"
    (said,) = play.sent(msg.TransferOutcome)
    assert (said.target_site, said.outcome) == ("handler:mail", msg.MoveOutcome.ARRIVED)
    assert not play.sent(msg.Cancel)


def test_who_comes_back_by_the_second_contact_waits_on() -> None:
    play = asked()
    move = play.one(base.StartMove)
    sign(play, base.MoveSign.REDIRECTED, move.move_id, 302)
    play.event(base.CallEnded(call_id="c1", released_by="redirected", sip_status=302, waited_s=1.0))
    token = move.return_address.partition("@")[0].removeprefix("sip:")
    play.event(base.CallArriving(call_id="c2", token=token, trunk_group="carrier", invite_key="k2"))
    assert outcome(play) == "refused"
    assert play.one(base.AcceptArrival).waited_s >= 0.0
    play.wait(10.0)
    questions = play.sent(msg.RouteRequest)
    assert questions and "handler:mail" in questions[0].refused_targets


@pytest.mark.parametrize(
    ("signs", "word"),
    [
        (((base.MoveSign.ACCEPTED, 202), (base.MoveSign.NOTIFIED, 200)), "to_handler"),
        (((base.MoveSign.ACCEPTED, 202), (base.MoveSign.CALLER_GONE, 0)), "to_handler"),
        (((base.MoveSign.CALLER_GONE, 0),), "caller_gone"),
        (((base.MoveSign.ACCEPTED, 202), (base.MoveSign.NOTIFIED, 486)), "busy"),
    ],
)
def test_a_refer_ends_by_what_the_peer_says(
    signs: tuple[tuple[base.MoveSign, int], ...], word: str
) -> None:
    play = asked(answered=True)
    move = play.one(base.StartMove)
    assert move.method is msg.TransferMethod.REFER
    for one, status in signs:
        sign(play, one, move.move_id, status)
    assert outcome(play) == word
    assert bool(play.all(base.PutBack)) == (word == "busy")


def test_a_refer_that_is_refused_goes_again_without_headers_and_then_by_a_bridge() -> None:
    play = asked(answered=True)
    sign(play, base.MoveSign.REFUSED, play.one(base.StartMove).move_id, 403)
    play.wait(1.5)
    again = play.one(base.StartMove)
    assert (again.method, again.dialed_number) == (msg.TransferMethod.REFER, "")
    sign(play, base.MoveSign.REFUSED, again.move_id, 403)
    bridge = play.one(base.StartMove)
    assert bridge.method is msg.TransferMethod.BRIDGE
    sign(play, base.MoveSign.ACCEPTED, bridge.move_id, 180)
    sign(play, base.MoveSign.BRIDGED, bridge.move_id, 200)
    assert outcome(play) == "to_handler"
    assert play.one(base.EndMoved).call_id == "c1"


def test_a_silent_refer_asks_the_callers_own_device_and_keeps_the_caller() -> None:
    play = asked(answered=True, ring_s=5)
    sign(play, base.MoveSign.ACCEPTED, play.one(base.StartMove).move_id, 202)
    play.wait(8.0)
    assert play.one(base.ProbeCaller).call_id == "c1"
    play.event(base.CallerProbed(call_id="c1", alive=True))
    assert outcome(play) == "timeout"
    assert play.one(base.PutBack).call_id == "c1"


def test_a_bridge_that_is_not_answered_in_time_is_stopped() -> None:
    play = asked(answered=True, ring_s=5, ways="[{trunk_group: carrier, methods: [bridge]}]")
    move = play.one(base.StartMove)
    sign(play, base.MoveSign.ACCEPTED, move.move_id, 180)
    play.wait(4.0)
    assert not play.all(base.AbortMove)
    play.wait(2.0)
    assert play.one(base.AbortMove).move_id == move.move_id
    assert play.one(base.PutBack).call_id == "c1"


def test_own_handlers_get_the_interaction_and_the_data() -> None:
    play = led(documents=documents(ours="true", ways="[{trunk_group: carrier, methods: [bridge]}]"))
    play.event(offered(data=b'{"a":1}'))
    play.said(told(play.sent(msg.RouteRequest)[0].request_id))
    move = play.one(base.StartMove)
    assert bytes.fromhex(move.user_to_user) == b"i-c1" and move.data == b'{"a":1}'


def test_a_number_goes_by_the_trunk_groups_own_settings_alone() -> None:
    play = asked(number='"+351210000099"', answered=True)
    assert not play.all(base.StartMove), "the settings name no domain and nobody to dial by"
    carrier = replace(
        SETTINGS.trunks["carrier"], number_domains=("trunk.example",), dial_to="192.0.2.1:5060"
    )
    settings = replace(SETTINGS, trunks=dict(SETTINGS.trunks) | {"carrier": carrier})
    move = asked(number='"+351210000099"', answered=True, settings=settings).one(base.StartMove)
    assert (move.address, move.by_carrier) == ("sip:+351210000099@trunk.example", True)


def test_nobody_is_sent_to_a_handler_that_no_document_names() -> None:
    play = led(documents=documents())
    play.event(offered())
    play.said(told(play.sent(msg.RouteRequest)[0].request_id, handler="mial"))
    assert not play.all(base.StartMove)
    (said,) = play.sent(msg.TransferOutcome)
    assert (said.target_site, said.outcome) == ("handler:mial", msg.MoveOutcome.SERVED_AT_HOME)
    play.event(agent_of("anna"))
    assert play.daemon.view(play.now_s).counters["handlers_unknown"] == 1


def test_no_more_are_sent_than_there_is_room_and_none_while_it_is_closed() -> None:
    play = asked(calls_max=1)
    play.event(offered("c2"))
    play.said(told(play.sent(msg.RouteRequest)[0].request_id))
    assert not play.all(base.StartMove)
    assert play.daemon.view(play.now_s).counters["handlers_full"] == 1


def with_rules(handler: str = "mail") -> SitePlay:
    play = led(documents=documents())
    return play.event(OverflowRulesRead(source="rules.yaml", text=RULES % handler))


def test_the_sites_own_rules_send_who_waited_too_long() -> None:
    play = with_rules().event(offered())
    play.wait(19.0)
    assert not play.all(base.StartMove)
    play.wait(15.0)
    move = play.one(base.StartMove)
    assert (move.address, move.because) == (URI, "busy")


def test_rules_that_name_no_handler_there_is_raise_an_alarm() -> None:
    play = with_rules("mial").event(offered())
    play.wait(40.0)
    alarms = [one for one in play.all(RaiseAlarm) if one.code == "handler_unknown"]
    assert alarms and "mial" in alarms[0].text
    assert not play.all(base.StartMove)


def killed(*, answered: bool, signs: tuple[tuple[base.MoveSign, int], ...] = ()) -> Any:
    """A site agent that is killed on the way to the voicemail."""
    play = begun(documents())
    play.event(offered())
    request = play.sent(msg.RouteRequest)[0]
    if answered:
        play.event(base.CallAnswered(call_id="c1"))
    play.said(told(request.request_id))
    move = play.one(base.StartMove)
    for one, status in signs:
        sign(play, one, move.move_id, status)
    return play


def test_after_a_kill_a_302_that_was_acknowledged_has_handed_the_caller_over() -> None:
    play = killed(answered=False, signs=((base.MoveSign.REDIRECTED, 302),))
    play.event(base.CallEnded(call_id="c1", released_by="redirected", sip_status=302, waited_s=1.0))
    play = restarted(play)
    link(play)
    play.wait(60.0)
    assert outcome(play) == "to_handler"


@pytest.mark.parametrize("alive", [True, False])
def test_after_a_kill_the_device_of_a_refer_is_asked(alive: bool) -> None:
    play = restarted(killed(answered=True, signs=((base.MoveSign.ACCEPTED, 202),)), stands())
    play.wait(10.0)
    assert not play.all(base.ProbeCaller), "it may be calling the handler now"
    play.wait(12.0)
    assert play.one(base.ProbeCaller).call_id == "c1"
    play.event(base.CallerProbed(call_id="c1", alive=alive))
    assert outcome(play) == ("timeout" if alive else "unresolved")
    assert bool(play.all(base.PutBack)) is alive


def test_after_a_kill_whose_device_lets_go_of_us_is_with_the_handler() -> None:
    play = restarted(killed(answered=True, signs=((base.MoveSign.ACCEPTED, 202),)), stands())
    play.event(base.CallEnded(call_id="c1", released_by="caller"))
    assert outcome(play) == "to_handler" and not play.all(base.PutBack)


@pytest.mark.parametrize("joined", [True, False])
def test_after_a_kill_a_bridge_stands_or_is_given_up(joined: bool) -> None:
    play = begun(documents("[{trunk_group: carrier, methods: [bridge]}]"))
    play.event(offered())
    request = play.sent(msg.RouteRequest)[0]
    play.event(base.CallAnswered(call_id="c1"))
    play.said(told(request.request_id))
    play = restarted(play, stands(bridged=joined))
    assert outcome(play) == ("to_handler" if joined else "timeout")
