"""A site without NIRC asks its peers by INVITE, and keeps each caller until one has them."""

from dataclasses import replace
from typing import Any

import pytest
from peer_plans import KEY, alone, plan_of, plan_text, seconds
from site_playbook import EPOCH, SETTINGS, SitePlay, agent_of, offered, trunk_of

from nrcli.wire import messages as msg
from site_agent.adapters import base
from site_agent.core.events import EpochSaved, NodeLinkDown, NodeLinkUp, NodeSaid
from site_agent.core.plan_tokens import interaction_in_token, plan_digest, read_token


def sign(play: SitePlay, sign_: base.MoveSign, sip_status: int = 0, call: str = "c1") -> SitePlay:
    started = play.started
    return play.event(
        base.MoveProgress(call_id=call, move_id=started.move_id, sign=sign_, sip_status=sip_status)
    )


def began(play: SitePlay) -> base.StartMove:
    play.started = play.one(base.StartMove)
    return play.started


def site_of(move: base.StartMove) -> str:
    hosts = {"192.0.2.2:5062": "porto", "192.0.2.3:5062": "faro"}
    return hosts[move.address.partition("@")[2]]


def asked(**fields: Any) -> SitePlay:
    play = alone()
    play.event(offered(**fields))
    began(play)
    return play


def led_again(play: SitePlay) -> SitePlay:
    play.event(NodeLinkUp(node="n1"))
    play.event(NodeSaid(node="n1", message=msg.Leading(domain="default", epoch=EPOCH, node="n1")))
    return play.event(EpochSaved(domain="default", epoch=EPOCH, node="n1"))


def test_the_invite_is_the_question_and_its_token_tells_all() -> None:
    play = asked(priority=2)
    move = play.started
    assert (move.method, site_of(move)) == (msg.TransferMethod.BRIDGE, "porto")
    text, token = plan_text(), move.address.removeprefix("sip:").partition("@")[0]
    said = read_token(token, plan_of(text), plan_digest(text), KEY, "porto")
    assert said is not None
    assert (said.origin, said.target, said.priority) == ("lisbon", "porto", 2)
    assert said.interaction_id == interaction_in_token("i-c1")
    assert play.sent(msg.RouteRequest) == []
    assert play.lines("move_started")[0]["target"] == "porto"


def test_who_is_refused_is_back_in_place_and_the_next_peer_is_asked_at_once() -> None:
    play = asked()
    sign(play, base.MoveSign.REFUSED, 480)
    assert play.one(base.PutBack).call_id == "c1"
    assert site_of(began(play)) == "faro"
    sign(play, base.MoveSign.REFUSED, 480)
    assert play.all(base.StartMove) == []
    play.wait(SETTINGS.requery_s)
    assert site_of(play.one(base.StartMove)) in ("porto", "faro")


def test_a_peer_that_refused_is_left_out_for_the_next_caller_too() -> None:
    play = asked()
    sign(play, base.MoveSign.REFUSED, 480)
    play.event(offered("c2"))
    assert site_of(play.one(base.StartMove)) == "faro"


def test_the_peers_ringing_is_its_word_and_its_answer_the_arrival() -> None:
    play = asked()
    sign(play, base.MoveSign.ACCEPTED, 180)
    play.wait(20.0)
    assert play.all(base.AbortMove) == []
    sign(play, base.MoveSign.BRIDGED, 200)
    assert play.lines("move_ended")[0]["outcome"] == "arrived"
    assert play.daemon.view(play.now_s).moves_open_count == 0
    assert play.daemon.view(play.now_s).cancels_open_count == 0


def test_a_silent_peer_costs_its_time_once() -> None:
    play = asked()
    play.wait(1.1)
    assert play.one(base.AbortMove).call_id == "c1"
    assert site_of(play.one(base.StartMove)) == "faro"
    assert play.lines("move_ended")[0]["outcome"] == "timeout"


def test_an_own_agent_who_gets_ready_wins() -> None:
    play = asked()
    play.event(agent_of("anna"))
    assert play.one(base.AbortMove) and play.one(base.PutBack)
    assert play.all(base.StartMove) == []
    play.event(agent_of("anna", msg.AgentState.BUSY)).event(offered("c2"))
    assert site_of(play.one(base.StartMove)) == "faro"
    play.event(offered("c3"))
    assert site_of(play.one(base.StartMove)) == "porto", "it was not to blame"


def test_a_caller_whose_peer_has_them_is_not_recalled() -> None:
    play = asked()
    sign(play, base.MoveSign.ACCEPTED, 180)
    play.event(agent_of("anna"))
    assert play.all(base.AbortMove) == []


@pytest.mark.parametrize("fields", [{"emergency": True}, {"service": "support"}])
def test_who_is_never_sent(fields: dict[str, Any]) -> None:
    play = alone()
    play.event(offered(**fields))
    assert play.all(base.StartMove) == []


def test_no_channel_no_bridge() -> None:
    play = alone()
    play.event(trunk_of("carrier", used=3, channels_max=4)).event(offered())
    assert play.all(base.StartMove) == []


def test_a_plan_may_allow_302_before_the_answer() -> None:
    play = alone(text=plan_text(methods=["redirect_302", "bridge"]))
    play.event(offered())
    move = began(play)
    assert move.method is msg.TransferMethod.REDIRECT_302 and move.return_address
    play.event(base.CallEnded(call_id="c1", released_by="redirected", sip_status=302))
    play.wait(120.0)
    assert "unresolved_move" not in [one.code for one in play.daemon.view(play.now_s).alarms]
    assert play.daemon.view(play.now_s).moves_open_count == 0


def test_nirc_is_asked_again_by_a_ramp_and_the_plan_goes_on_meanwhile() -> None:
    settings = replace(SETTINGS, return_ramp_s=50.0, return_jitter_s=0.0)
    play = led_again(alone(settings))
    play.event(NodeLinkDown(node="n1", reason="killed"))
    seconds(play, 100)
    assert play.daemon.view(play.now_s).tier == 2
    led_again(play)
    assert play.daemon.view(play.now_s).tier == 0
    by_nirc = by_plan = 0
    for number in range(20):
        play.event(offered(f"d{number}"))
        by_nirc += len(play.sent(msg.RouteRequest))
        by_plan += len(play.all(base.StartMove))
        if play.all(base.StartMove):
            play.event(base.CallEnded(call_id=f"d{number}", released_by="caller", sip_status=0))
        play.wait(2.5)
    assert by_nirc > 3 and by_plan > 3
    play.wait(60.0)
    play.event(offered("late"))
    assert play.sent(msg.RouteRequest) and not play.all(base.StartMove)
