"""The view shows what stands, and changes nothing."""

from callback_playbook import move, promised, waiting
from site_playbook import held, led, moving, offered

from nrcli.wire.messages import TransferMethod
from site_agent.adapters import base


def test_queues_agents_trunks_calls_and_tier() -> None:
    play = led().event(offered())
    before = play.daemon.view(110.0)
    assert before == play.daemon.view(110.0)
    assert (before.tier, before.leading_node, before.node_links) == (0, "n1", ("n1", "n2"))
    assert before.calls[0].waited_s == 9.0 and before.calls[0].state == "waiting"
    assert before.agents[0].state == "busy"
    assert before.requests_open_count == 1


def test_a_wait_is_over_when_an_agent_talks() -> None:
    play = led().event(offered())
    play.event(base.CallConnected(call_id="c1", agent="anna", queue="sales"), at_s=104.0)
    assert play.daemon.view(110.0).calls[0].waited_s == 3.0


def test_moves_and_holds_are_counted() -> None:
    view = moving(TransferMethod.REFER).daemon.view(110.0)
    assert (view.moves_open_count, view.calls[0].target_site) == (1, "porto")
    play = led()
    held(play)
    view = play.daemon.view(110.0)
    assert (view.holds_open_count, view.trunks[1].channels_reserved_count) == (1, 1)


def test_callbacks_are_shown_with_what_is_going_on() -> None:
    play = waiting()
    entry = promised(play)
    (one,) = play.daemon.view(play.now_s).callbacks
    assert (one.entry_id, one.state, one.attempts_count) == (entry, "pledged", 0)
    play.event(base.CallEnded(call_id="c1", released_by="site")).said(move(entry))
    (one,) = play.daemon.view(play.now_s).callbacks
    assert (one.state, one.target_site) == ("dialing", "porto")
    assert play.daemon.view(play.now_s).dialing_count == 0, "another site's telephone"
