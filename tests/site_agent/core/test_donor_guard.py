"""The donor guard, as figures and at a site."""

from site_playbook import agent_of, led, offered, reserve
from site_rules import at, read_rules, rules

from nrcli.wire import messages as msg
from site_agent.adapters.base import CallConnected, CallEnded
from site_agent.core.donor_guard import guard_of

GUARD = rules("[{queue: sales, lend: {service_level_floor: 0.8}}]")


def test_the_floor_itself_is_good_enough() -> None:
    assert guard_of(0.8, 10, 8) == "" and "0.70" in guard_of(0.8, 10, 7)
    assert guard_of(None, 10, 0) == guard_of(0.8, 0, 0) == ""


def serve(play, call_id: str, after_s: float) -> None:
    play.event(offered(call_id)).wait(after_s)
    play.event(CallConnected(call_id=call_id, agent="anna", queue="sales"))
    play.event(CallEnded(call_id=call_id, released_by="agent"))


def test_no_new_loans_while_own_callers_wait_too_long() -> None:
    play = read_rules(led(), GUARD).event(agent_of("berta"))
    serve(play, "c1", 60.0)
    at(play, 1e9)
    refused = play.said(reserve(agent="berta")).sent(msg.ReserveRefused)[0]
    assert refused.reason is msg.ReserveRefusal.LOAN_LIMIT and "0.00" in refused.detail
    assert play.daemon._parts.model.queue_report("sales")[0].max_loan == 0
    assert "floor 0.80" in play.daemon.view(play.now_s).queues[0].guard
    for number in range(8):
        serve(play, f"d{number}", 0.1)
    at(play, 1e9)
    assert not play.said(reserve("r2", agent="berta")).sent(msg.ReserveRefused)


def test_the_guard_holds_from_the_call_on_that_was_too_late() -> None:
    play = read_rules(led(), GUARD).event(agent_of("berta"))
    serve(play, "c1", 60.0)
    (refused,) = play.said(reserve(agent="berta")).sent(msg.ReserveRefused)
    assert refused.reason is msg.ReserveRefusal.LOAN_LIMIT
