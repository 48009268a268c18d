"""Messages are built from the request without loss."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from router_network import EPOCH, ask

from nirc.core.choice import Choice, Target
from nirc.core.controls import Controls
from nirc.core.open_request import (
    OpenRequest,
    answer_for,
    move_for,
    record_for,
    reserve_for,
    unusable,
)
from nirc.core.paths import Ladder
from nrcli.wire import messages as msg

LADDER = Ladder(
    rungs=(msg.Rung(method=msg.TransferMethod.REFER, path="p", arrives_on="network"),),
    methods=(msg.TransferMethod.REFER,),
    claims=(),
    expires_s=5.0,
    place_only=False,
)
TARGET = Target("porto", "sales", 0, True, 1.0, LADDER, agent="diogo")
GRANT = msg.ReserveGranted(
    domain="default",
    epoch=EPOCH,
    request_id="r1",
    token="t",
    queue="sales",
    agent="diogo",
    expires_s=5.0,
)


def choice() -> Choice:
    return Choice("default", 4, "rule", rules=(("rule", "decided"),), priority=5)


def open_request() -> OpenRequest:
    request = ask(ani="+351", waited_s=7.0, priority=3, visited_sites=("faro",), answered=True)
    found = OpenRequest("lisbon", request, 100.0, 103.0, choice())
    found.asked, found.asked_at_s, found.ask_until_s = TARGET, 100.0, 100.5
    return found


def test_the_reserve_says_all_of_the_call() -> None:
    reserve = reserve_for(open_request(), TARGET, epoch=EPOCH, data=b"{}")
    assert (reserve.origin_site, reserve.agent, reserve.answer_within_s) == ("lisbon", "diogo", 0.5)
    assert (reserve.ani, reserve.waited_s, reserve.priority) == ("+351", 7.0, 5)
    assert (reserve.visited_sites, reserve.answered, reserve.data) == (("faro",), True, b"{}")


def test_the_answer_names_the_target_only_with_a_grant() -> None:
    request = open_request()
    move = answer_for(
        request, msg.RouteOutcome.MOVE, reason="rule", epoch=EPOCH, decision_id="d", grant=GRANT
    )
    assert (move.target_site, move.token, move.rungs) == ("porto", "t", LADDER.rungs)
    stay = answer_for(request, msg.RouteOutcome.STAY, reason="none", epoch=EPOCH, decision_id="d")
    assert (stay.target_site, stay.token, stay.rungs, stay.policy_version) == ("", "", (), 4)
    record = record_for(
        request, outcome="move", epoch=EPOCH, decision_id="d", took_s=0.1, answer=move
    )
    assert (record.target_site, record.agent, record.rules_tried) == ("porto", "diogo", ("rule",))


def test_the_move_remembers_both_ends() -> None:
    move = move_for(open_request(), GRANT, TARGET, 100.1, 170.0)
    assert (move.origin, move.target, move.token, move.until_s) == ("lisbon", "porto", "t", 170.0)


def test_only_the_site_asked_is_awaited() -> None:
    request = open_request()
    assert request.awaits("porto")
    assert not request.awaits("faro")
    request.asked = None
    assert not request.awaits("porto")


def test_a_broadcast_rings_all_and_holds_a_place() -> None:
    request = open_request()
    request.choice.broadcast = True
    place = Target("porto", "sales", 0, False, 1.0, LADDER)
    reserve = reserve_for(request, place, epoch=EPOCH, data=b"")
    assert (reserve.broadcast, reserve.agent) == (True, "")


def test_other_answers_carry_what_the_origin_needs() -> None:
    request = open_request()
    request.choice.announcement, request.choice.retry_after_s = "closed", 30.0
    request.choice.reject_reason = "busy"
    says = {
        outcome: answer_for(request, outcome, reason="rule", epoch=EPOCH, decision_id="d")
        for outcome in msg.RouteOutcome
    }
    assert {o: a.announcement for o, a in says.items() if a.announcement} == {
        msg.RouteOutcome.ANNOUNCE: "closed"
    }
    assert {o: a.retry_after_s for o, a in says.items() if a.retry_after_s} == {
        msg.RouteOutcome.RETRY_AFTER: 30.0
    }
    assert {o: a.reject_reason for o, a in says.items() if a.reject_reason} == {
        msg.RouteOutcome.REJECT: "busy"
    }
    assert says[msg.RouteOutcome.STAY].policy == "default"


def test_a_number_is_asked_for_and_rungs_that_need_one_fall_away_without() -> None:
    by_number = msg.Rung(
        method=msg.TransferMethod.TRANSLATION_ROUTE, path="n", arrives_on="", number_on="pstn"
    )
    both = replace(LADDER, rungs=(*LADDER.rungs, by_number), number_on="pstn")
    only = replace(LADDER, rungs=(by_number,), number_on="pstn")
    request, granted = open_request(), replace(GRANT, number="+351220000000")
    asked = [
        reserve_for(request, Target("porto", "sales", 0, True, 1.0, ladder), epoch=EPOCH, data=b"")
        for ladder in (LADDER, both, only)
    ]
    assert [(one.number_on, one.number_only) for one in asked] == [
        ("", False),
        ("pstn", False),
        ("pstn", True),
    ]
    request.asked = Target("porto", "sales", 0, True, 1.0, both)
    answers = [
        answer_for(
            request, msg.RouteOutcome.MOVE, reason="r", epoch=EPOCH, decision_id="d", grant=grant
        )
        for grant in (granted, GRANT)
    ]
    assert [(one.number, one.rungs) for one in answers] == [
        ("+351220000000", both.rungs),
        ("", LADDER.rungs),
    ]
    parts: Any = SimpleNamespace(
        relay=SimpleNamespace(cancelled=lambda token, now_s: now_s > 1), controls=Controls()
    )
    assert unusable(request, GRANT, parts, 0.0) == ""
    assert "cancelled" in unusable(request, GRANT, parts, 2.0)
    request.asked = Target("porto", "sales", 0, True, 1.0, only)
    assert unusable(request, granted, parts, 0.0) == ""
    assert "lent no number" in unusable(request, GRANT, parts, 0.0)
