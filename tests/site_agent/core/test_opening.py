"""Calendars at a site: closed queues, night service, and no new callers just before closing."""

from site_playbook import EPOCH, agent_of, led, move_answer, offered, queue_of, reserve
from site_rules import MONDAY_9H_UNIX_S, at, read_rules, rules, told

from nrcli.wire import messages as msg
from nrcli.wire.messages import AgentState
from site_agent.adapters import base

NIGHT_UNIX_S = MONDAY_9H_UNIX_S + 10 * 3600.0
HOUR_TO_CLOSING_UNIX_S = MONDAY_9H_UNIX_S + 8 * 3600.0


def closed_site(queue: str = "calendar: office"):
    play = led()
    told(play, queue=queue)
    return at(play, NIGHT_UNIX_S)


def report(play):
    return play.daemon._parts.model.queue_report("sales")[0]


def test_a_queue_follows_its_calendar_and_tells_the_acd_once() -> None:
    play = at(led(), MONDAY_9H_UNIX_S)
    assert told(play, queue="calendar: office").all(base.SetQueueClosed) == []
    assert report(play).open
    at(play, NIGHT_UNIX_S)
    assert play.one(base.SetQueueClosed).closed and not report(play).open
    assert play.lines("queue_closed") == [{"queue": "sales"}]
    assert at(play, NIGHT_UNIX_S + 1).all(base.SetQueueClosed) == []
    assert not at(play, MONDAY_9H_UNIX_S + 86_400).one(base.SetQueueClosed).closed
    assert report(play).open


def test_the_sites_calendar_counts_where_the_queue_names_none() -> None:
    play = at(led(), MONDAY_9H_UNIX_S)
    told(play, spec="  calendar: office\n")
    assert at(play, NIGHT_UNIX_S).one(base.SetQueueClosed).closed


def test_without_a_calendar_or_with_one_that_is_not_here_a_queue_is_open() -> None:
    play = led()
    told(play, queue="calendar: elsewhere")
    assert at(play, NIGHT_UNIX_S).all(base.SetQueueClosed) == [] and report(play).open


def test_a_closed_queue_lends_nothing() -> None:
    play = closed_site().event(agent_of("berta"))
    refused = play.said(reserve(agent="berta")).sent(msg.ReserveRefused)[0]
    assert refused.reason is msg.ReserveRefusal.CLOSED


def test_night_service_a_new_caller_is_offered_to_the_others_though_an_agent_is_ready() -> None:
    play = closed_site().event(agent_of("berta"))
    read_rules(play, rules("[{queue: sales, ask: [{name: never, when: true, ask: false}]}]"))
    request = play.event(offered(held_back=True)).sent(msg.RouteRequest)[0]
    assert not play.all(base.PutBack)
    play.said(move_answer(request.request_id, msg.TransferMethod.REDIRECT_302))
    assert play.one(base.StartMove).call_id == "c1" and not play.all(base.PutBack)


def test_night_service_that_finds_nobody_lets_the_caller_in_at_home() -> None:
    play = closed_site()
    request = play.event(offered(held_back=True)).sent(msg.RouteRequest)[0]
    stay = msg.RouteAnswer(
        domain="default", epoch=EPOCH, request_id=request.request_id, outcome=msg.RouteOutcome.STAY
    )
    assert play.said(stay).one(base.PutBack).call_id == "c1"
    late = closed_site().event(offered(held_back=True))
    assert late.wait(3.0).one(base.PutBack).call_id == "c1"


def test_without_a_leader_nobody_is_held_back_and_nobody_waits_for_a_request_that_fails() -> None:
    play = closed_site()
    play.said(msg.NotLeading(domain="default", leader="", request_id=""))
    assert play.event(offered(held_back=True)).one(base.PutBack).call_id == "c1"


def test_an_emergency_call_is_not_asked_about_though_the_queue_is_closed() -> None:
    play = closed_site().event(offered(emergency=True))
    assert not play.sent(msg.RouteRequest)


def test_stop_accepting_when_the_wait_exceeds_the_time_to_closing() -> None:
    play = led()
    told(play, queue="calendar: office, stop_accepting: true")
    crowd = queue_of(waiting_count=2, aht_s=1_000.0, oldest_offered_at_s=90.0)
    at(play.event(crowd), HOUR_TO_CLOSING_UNIX_S)
    assert report(play).accepting
    at(play, HOUR_TO_CLOSING_UNIX_S + 1_800)
    assert not report(play).accepting and report(play).open
    assert play.daemon.view(play.now_s).queues[0].accepting is False
    refused = play.said(reserve()).sent(msg.ReserveRefused)[0]
    assert refused.reason is msg.ReserveRefusal.CLOSED and "closing" in refused.detail
    read_rules(play, rules("[{queue: sales, ask: [{name: never, when: true, ask: false}]}]"))
    assert play.event(offered()).sent(msg.RouteRequest)


def test_a_queue_that_serves_all_in_time_goes_on_accepting() -> None:
    play = led()
    told(play, queue="calendar: office, stop_accepting: true")
    at(play.event(agent_of("berta")), NIGHT_UNIX_S - 3_601)
    assert report(play).accepting


def test_the_last_agent_who_leaves_is_noticed_once() -> None:
    play = led()
    told(play, queue="on_unstaffed: interflow")
    at(play, MONDAY_9H_UNIX_S)
    assert play.daemon._parts.asking.hurry == set()
    play.event(agent_of("anna", AgentState.NULL))
    assert play.daemon._parts.asking.hurry == {"sales"}
    play.event(agent_of("anna", AgentState.NOT_READY))
    assert play.daemon._parts.asking.hurry == set()
    play.event(base.AgentGone(agent="anna"))
    assert play.daemon._parts.asking.hurry == {"sales"}
    told(play, queue="on_unstaffed: drain", revision=2)
    assert play.daemon._parts.asking.hurry == set()
