"""Each stay of a caller in a queue is one record, with one outcome."""

from typing import Any

from site_playbook import SitePlay, agent_of, led, moving, offered, sign

from nrcli.wire import messages as msg
from site_agent.adapters import base
from site_agent.core.events import NodeLinkUp


def taking() -> SitePlay:
    """A site whose nodes take all records."""
    return led().event(NodeLinkUp(node="n1", records=True))


def talking(**fields: Any) -> SitePlay:
    play = taking().event(offered(**fields), at_s=200.0)
    return play.event(base.CallConnected(call_id="c1", agent="anna", queue="sales"), at_s=230.0)


def over(by: str = "caller", **fields: Any) -> base.CallEnded:
    return base.CallEnded(call_id="c1", released_by=by, **fields)


def legs(play: SitePlay, leg: str = "caller") -> list[msg.CallLegRecord]:
    return [one for one in play.sent(msg.CallLegRecord) if one.leg == leg]


def test_who_gave_up_is_abandoned_with_the_whole_wait() -> None:
    play = taking().event(offered(waited_s=7.0), at_s=200.0).event(over(), at_s=233.0)
    (leg,) = legs(play)
    assert (leg.outcome, leg.waited_s, leg.talked_s) == ("abandoned", 40.0, 0.0)
    assert (leg.offered_unix_s, leg.queued_unix_s, leg.ended_unix_s) == (193.0, 200.0, 233.0)
    assert (leg.entry_site, leg.service, leg.connected_unix_s) == ("lisbon", "sales", 0.0)
    assert (leg.incarnation, leg.number) == (3, 1)


def test_who_was_answered_is_so_whoever_hangs_up() -> None:
    (leg,) = legs(talking().event(over("caller"), at_s=290.0))
    assert (leg.outcome, leg.waited_s, leg.talked_s, leg.agent) == ("answered", 30.0, 60.0, "anna")
    assert leg.connected_unix_s == 230.0


def test_a_handlers_caller_is_redirected_and_a_rejected_one_refused() -> None:
    play = taking().event(offered(), at_s=200.0)
    request = play.sent(msg.RouteRequest)[0]
    rejected = msg.RouteAnswer(
        domain="default",
        epoch=msg.Epoch(generation=1, revision=5),
        request_id=request.request_id,
        outcome=msg.RouteOutcome.REJECT,
        reject_reason="busy",
    )
    play.said(rejected).event(over("site", sip_status=486), at_s=201.0)
    (leg,) = legs(play)
    assert (leg.outcome, leg.end_reason, leg.sip_status) == ("refused", "busy", 486)


def test_nobodys_will_is_a_failure() -> None:
    (leg,) = legs(taking().event(offered()).event(over("site", sip_status=500)))
    assert leg.outcome == "failed"


def test_a_moved_caller_leaves_the_way_and_the_token() -> None:
    play = moving(msg.TransferMethod.REFER)
    started = play.one(base.StartMove)
    sign(play, base.MoveSign.ACCEPTED, started.move_id)
    arrived = msg.CallArrived(token="nirc-target", from_site="porto", to_site="lisbon")
    play.said(arrived, at_s=play.now_s + 2.0).event(over("moved"), at_s=play.now_s + 0.5)
    (leg,) = legs(play)
    assert (leg.outcome, leg.method, leg.left_token) == ("moved_out", "refer", "nirc-target")
    assert (leg.target_site, leg.target_queue) == ("porto", "sales")
    assert leg.path and leg.waited_s > 2.0 and leg.answered_unix_s > 0


def test_passing_on_ends_one_stay_and_begins_the_next() -> None:
    play = talking()
    begun = base.TransferBegun(call_id="c1", agent="anna", service="billing", queue="sales")
    play.event(begun, at_s=260.0)
    (first,) = legs(play)
    assert (first.outcome, first.service, first.end_reason) == ("answered", "sales", "passed_on")
    assert first.talked_s == 30.0
    play.event(over(), at_s=270.0)
    (second,) = legs(play)
    assert (second.outcome, second.service, second.waited_s) == ("abandoned", "billing", 10.0)
    assert second.parent_leg_id == first.leg_id and second.queued_unix_s == 260.0


def test_a_caller_who_is_back_was_answered_once() -> None:
    play = talking()
    begun = base.TransferBegun(
        call_id="c1", agent="anna", service="billing", queue="sales", away=True
    )
    play.event(begun, at_s=260.0)
    back = base.TransferEnded(call_id="c1", agent="anna", outcome="back", sip_status=480)
    play.event(back, at_s=265.0)
    (vain,) = legs(play)
    assert (vain.outcome, vain.end_reason) == ("failed", "returned")
    play.event(base.CallConnected(call_id="c1", agent="anna", queue="sales"), at_s=265.0)
    (leg,) = legs(play.event(over("agent"), at_s=300.0))
    assert (leg.outcome, leg.queue, leg.talked_s) == ("continued", "sales", 35.0)


def test_facts_of_the_adapter_are_kept() -> None:
    facts = base.LegFacts(from_tag="f", icid="i", set_up_ago_s=35.0, ani_received="0912")
    (leg,) = legs(talking().event(over("caller", sip_call_id="s@x", facts=facts), at_s=260.0))
    assert (leg.sip_from_tag, leg.icid, leg.ani_received) == ("f", "i", "0912")
    assert (leg.setup_unix_s, leg.sip_call_id) == (225.0, "s@x")


def test_what_was_expected_of_the_wait_is_kept() -> None:
    play = taking().event(agent_of("anna", msg.AgentState.BUSY))
    (leg,) = legs(play.event(offered()).event(over()))
    assert leg.ewt_known and leg.ewt_low_s <= leg.ewt_s <= leg.ewt_high_s
