"""Playbooks of receiving moved calls."""

import pytest
from site_playbook import SitePlay, agent_of, held, led

from nrcli.wire import messages as msg
from site_agent.adapters import base


def arriving(
    token: str, call_id: str = "x", key: str = "k", trunk_group: str = "network"
) -> base.CallArriving:
    return base.CallArriving(call_id=call_id, token=token, invite_key=key, trunk_group=trunk_group)


def taken(agent: str = "") -> tuple[SitePlay, str]:
    play = led()
    if agent:
        play.event(agent_of(agent))
    token = held(play, agent=agent)
    return play.event(arriving(token)), token


def test_a_live_token_is_accepted_with_age_and_agent_and_the_origin_told() -> None:
    play, token = taken("anna")
    accept = play.one(base.AcceptArrival)
    assert (accept.agent, accept.queue, accept.answer_now) == ("anna", "sales", True)
    assert accept.waited_s == pytest.approx(7.0)
    told = play.sent(msg.CallTaken)[0]
    assert (told.token, told.to_site) == (token, "porto")
    assert play.lines("hold_ended")[0]["why"] == "used"


def test_the_arrival_is_told_until_it_is_settled() -> None:
    play, token = taken()
    play.event(base.ArrivalAcknowledged(call_id="x"))
    assert len(play.sent(msg.CallArrived)) == 1
    assert len(play.wait(4.0).sent(msg.CallArrived)) >= 2
    play.said(msg.MoveSettled(token=token, from_site="porto", to_site="lisbon"))
    assert not play.wait(20.0).sent(msg.CallArrived)


def test_telling_is_bounded() -> None:
    play, _ = taken()
    play.event(base.ArrivalAcknowledged(call_id="x")).wait(130.0)
    assert not play.wait(60.0).sent(msg.CallArrived)


def test_one_token_serves_one_invite() -> None:
    play, token = taken()
    play.event(arriving(token))
    assert not play.all(base.RefuseArrival) and not play.all(base.AcceptArrival)
    assert play.event(arriving(token, "y", "k")).one(base.RefuseArrival).sip_status == 482
    assert play.event(arriving(token, "z", "other")).one(base.RefuseArrival).sip_status == 480


def test_a_lapsed_token_brings_an_ordinary_call_with_age() -> None:
    play = led()
    token = held(play)
    play.wait(6.0).event(arriving(token))
    assert play.one(base.TreatAsOrdinary).waited_s == pytest.approx(13.0)
    assert play.sent(msg.CallTaken)
    cancel = msg.Cancel(token=token, request_id="r1", from_site="porto", to_site="lisbon")
    assert play.said(cancel).sent(msg.CancelAnswer)[0].verdict is msg.CancelVerdict.TAKEN


def test_an_unknown_token_is_refused() -> None:
    assert led().event(arriving("nirc-strange")).one(base.RefuseArrival).sip_status == 480


def test_a_call_that_ended_unanswered_is_told_as_never() -> None:
    play, token = taken()
    play.event(base.CallEnded(call_id="x", released_by="caller"))
    answer = play.sent(msg.CancelAnswer)[0]
    assert (answer.token, answer.verdict) == (token, msg.CancelVerdict.NEVER)


def test_an_arrival_counts_as_a_loan_until_it_ends() -> None:
    play, _ = taken()
    assert play.daemon.view(play.now_s).queues[0].loan_count == 1
    play.event(base.CallEnded(call_id="x", released_by="caller"))
    assert play.daemon.view(play.now_s).queues[0].loan_count == 0


def test_a_token_connects_only_on_the_trunk_group_it_was_reserved_for() -> None:
    play = led()
    play.event(agent_of("anna"))
    token = held(play, agent="anna")
    play.event(arriving(token, "w", "k1", "carrier"))
    assert play.one(base.RefuseArrival).sip_status == 403
    assert play.daemon.view(play.now_s).counters["arrivals_on_wrong_trunk_group"] == 1
    assert not play.sent(msg.CallTaken) and not play.lines("hold_ended")
    assert play.event(arriving(token)).one(base.AcceptArrival).agent == "anna"


def test_a_lapsed_token_is_refused_on_another_trunk_group_too() -> None:
    play = led()
    token = held(play)
    play.wait(6.0).event(arriving(token, trunk_group="carrier"))
    assert play.one(base.RefuseArrival).sip_status == 403
    assert play.event(arriving(token, "y")).all(base.TreatAsOrdinary)


def test_a_reservation_without_claims_comes_in_on_any_network_group() -> None:
    play = led()
    token = held(play, channels=())
    assert play.event(arriving(token, "w", "k1", "carrier")).all(base.RefuseArrival)
    assert play.event(arriving(token, "x", "k2", "network")).all(base.AcceptArrival)


def test_a_path_that_takes_no_channel_still_names_its_trunk_group() -> None:
    play = led()
    token = held(play, channels=(msg.ChannelClaim(trunk_group="carrier", count=0),))
    assert play.event(arriving(token, "w", "k1", "network")).all(base.RefuseArrival)
    assert play.event(arriving(token, "x", "k2", "carrier")).all(base.AcceptArrival)


def test_the_talk_with_an_agent_opens_the_way_back() -> None:
    play, _ = taken("anna")
    play.event(base.ArrivalAcknowledged(call_id="x"))
    play.event(base.CallConnected(call_id="x", agent="anna", queue="sales"))
    play.event(
        base.TransferBegun(call_id="x", agent="anna", service="billing", queue="sales", away=True)
    )
    request = play.sent(msg.RouteRequest)[-1]
    assert (request.visited_sites, request.moves_since_person_count) == ((), 0)
    assert request.moves_count == 1
