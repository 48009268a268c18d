"""What desktops are shown of their agents."""

from site_playbook import agent_of, held, led, offered

from nrcli.wire.messages import AgentState
from site_agent.adapters import base
from site_agent.core.agent_desks import ARRIVING, RESERVED, TALKING


def arriving(token: str) -> base.CallArriving:
    return base.CallArriving(call_id="x", token=token, invite_key="k", trunk_group="network")


def test_an_agent_held_for_a_caller_sees_who_comes_and_until_when() -> None:
    play = led().event(agent_of("anna"))
    assert play.daemon.desks()["anna"].call is None
    token = held(play, agent="anna")
    play.event(agent_of("anna", state=AgentState.RESERVED))
    desk = play.daemon.desks()["anna"]
    assert desk.state == "reserved" and desk.call is not None
    assert (desk.call.phase, desk.call.from_site, desk.call.call_id) == (RESERVED, "porto", "")
    assert desk.call.until_s > play.now_s
    play.event(arriving(token))
    came = play.daemon.desks()["anna"].call
    assert came is not None
    assert (came.phase, came.call_id, came.from_site, came.until_s) == (ARRIVING, "x", "porto", 0.0)
    assert came.interaction_id == desk.call.interaction_id
    play.event(base.CallConnected(call_id="x", agent="anna", queue="sales"))
    talks = play.daemon.desks()["anna"].call
    assert talks is not None and talks.phase == TALKING


def test_a_hold_that_is_over_is_shown_no_more() -> None:
    play = led().event(agent_of("anna"))
    held(play, agent="anna")
    play.wait(60.0)
    assert play.daemon.desks()["anna"].call is None


def test_an_own_caller_is_shown_from_the_answer_on_with_data_and_no_withheld_number() -> None:
    play = led().event(agent_of("anna"))
    play.event(offered(data=b'{"a":1}', ani="+351912345678", withheld=True))
    assert play.daemon.desks()["anna"].call is None
    play.event(base.CallConnected(call_id="c1", agent="anna", queue="sales"))
    call = play.daemon.desks()["anna"].call
    assert call is not None and (call.data, call.ani) == (b'{"a":1}', "")


def test_what_an_agent_said_for_after_the_call_is_shown() -> None:
    play = led().event(agent_of("anna"))
    play.event(
        base.AgentChanged(
            agent="anna", state=AgentState.BUSY, queues=(), calls_count=1, reason="b", pending=True
        )
    )
    desk = play.daemon.desks()["anna"]
    assert (desk.state, desk.reason, desk.pending) == ("busy", "b", True)
