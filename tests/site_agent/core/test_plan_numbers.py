"""Peers by path: from the trunk groups that the plan names, by token or by a number."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from peer_plans import alone, plan_text
from site_playbook import SETTINGS, SitePlay, offered

from nrcli.wire import messages as msg
from site_agent.adapters import base
from site_agent.adapters.base import MoveSign
from site_agent.core.settings import SiteSettings

NUMBER = "+351220000001"


def settings() -> SiteSettings:
    carrier = replace(SETTINGS.trunks["carrier"], dial_to="192.0.2.9:5060")
    return replace(SETTINGS, trunks={**SETTINGS.trunks, "carrier": carrier})


def plan(*ways: dict[str, Any], **bounds: int) -> str:
    peer = {"site": "porto", "queue": "sales", "ways": list(ways)} | bounds
    return plan_text(services=[{"service": "sales", "peers": [peer]}])


def way(trunk_group: str = "carrier", **fields: Any) -> dict[str, Any]:
    return {"from_site": "lisbon", "trunk_group": trunk_group} | fields


def started(play: SitePlay, call_id: str = "c1", **fields: Any) -> list[base.StartMove]:
    return play.event(offered(call_id, **fields)).all(base.StartMove)


def test_a_peer_is_asked_only_from_the_trunk_groups_that_the_plan_names() -> None:
    assert not started(alone(settings(), plan(way("pbx"))))
    (move,) = started(alone(settings(), plan(way(methods=["redirect_302", "bridge"]))))
    assert move.method is msg.TransferMethod.REDIRECT_302
    assert move.address.startswith("sip:nirc-plan-")


def test_where_tokens_do_not_pass_its_number_is_called_without_data() -> None:
    play = alone(settings(), plan(way(number=NUMBER)))
    (move,) = started(play, data=b'{"customer":1}')
    assert move.address == f"sip:{NUMBER}@192.0.2.9:5060"
    assert move.method is msg.TransferMethod.BRIDGE and move.data == b""
    (line,) = play.lines("move_started")
    assert line["target"] == "blind:sales@porto/carrier"


def test_a_number_is_not_called_where_nothing_dials() -> None:
    assert not started(alone(SETTINGS, plan(way(number=NUMBER))))


def test_the_origin_keeps_the_bounds_of_a_peer_by_number() -> None:
    play = alone(settings(), plan(way(number=NUMBER), calls_max=1))
    (move,) = started(play)
    assert not started(play, "c2")
    bridged = base.MoveProgress(call_id="c1", move_id=move.move_id, sign=MoveSign.BRIDGED)
    play.event(bridged)
    assert not started(play, "c3"), "it stands as a bridge"
    play.event(base.CallEnded(call_id="c1", released_by="caller"))
    assert started(play, "c4")
    hasty = alone(settings(), plan(way(number=NUMBER), calls_per_minute_max=1))
    assert started(hasty) and not started(hasty, "c2")
    for call_id in ("c1", "c2"):
        hasty.event(base.CallEnded(call_id=call_id, released_by="caller"))
    hasty.wait(61.0)
    assert started(hasty, "c3")


def test_a_number_that_is_refused_puts_the_caller_back_and_the_peer_rests() -> None:
    play = alone(settings(), plan(way(number=NUMBER)))
    (move,) = started(play)
    refused = base.MoveProgress(
        call_id="c1", move_id=move.move_id, sign=MoveSign.REFUSED, sip_status=486
    )
    play.event(refused)
    assert play.one(base.PutBack).call_id == "c1"
    assert not started(play, "c2")
    assert play.daemon.view(play.now_s).peer_plan
