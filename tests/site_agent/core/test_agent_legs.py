"""What agents did: their part in calls, and each time in one state."""

from site_playbook import SitePlay, agent_of, led, offered

from nrcli.wire import messages as msg
from nrcli.wire.messages import AgentState
from site_agent.adapters import base
from site_agent.core.events import NodeLinkUp, WallTimeRead


def taking() -> SitePlay:
    play = led().event(NodeLinkUp(node="n1", records=True))
    return play.event(agent_of("anna", AgentState.READY), at_s=150.0)


def state(play: SitePlay, state: AgentState, at_s: float) -> list[msg.AgentStateRecord]:
    return play.event(agent_of("anna", state), at_s=at_s).sent(msg.AgentStateRecord)


def parts(play: SitePlay) -> list[msg.CallLegRecord]:
    return [one for one in play.sent(msg.CallLegRecord) if one.leg == "agent"]


def test_a_state_is_told_when_it_ends() -> None:
    play = taking()
    (ready,) = state(play, AgentState.BUSY, 180.0)
    assert (ready.state, ready.began_unix_s, ready.lasted_s) == (AgentState.READY, 150.0, 30.0)
    assert (ready.queues, ready.queue, ready.continues) == (("sales",), "", False)
    assert state(play, AgentState.BUSY, 190.0) == []


def test_nobody_is_told_of_who_is_not_there() -> None:
    play = taking()
    state(play, AgentState.NULL, 180.0)
    assert state(play, AgentState.READY, 500.0) == []


def test_a_long_state_is_told_in_pieces() -> None:
    play = taking()
    (first,) = play.event(WallTimeRead(unix_s=451.0), at_s=451.0).sent(msg.AgentStateRecord)
    assert (first.lasted_s, first.continues) == (301.0, False)
    (rest,) = state(play, AgentState.BUSY, 460.0)
    assert (rest.began_unix_s, rest.lasted_s, rest.continues) == (451.0, 9.0, True)


def test_ring_talk_and_after_call_work_are_one_part() -> None:
    play = taking().event(offered(), at_s=170.0)
    state(play, AgentState.BUSY, 180.0)
    play.event(base.CallConnected(call_id="c1", agent="anna", queue="sales"), at_s=186.0)
    play.event(base.CallEnded(call_id="c1", released_by="caller"), at_s=246.0)
    assert parts(play) == []
    caller = play.sent(msg.CallLegRecord)[0]
    (busy,) = state(play, AgentState.WORKING_AFTER_CALL, 246.5)
    assert (busy.queue, busy.call_id) == ("sales", "c1") and parts(play) == []
    (acw,) = state(play, AgentState.READY, 276.0)
    (part,) = parts(play)
    assert (part.rang_s, part.talked_s, part.acw_s) == (6.0, 60.0, 30.0)
    assert (part.parent_leg_id, part.outcome, part.queue) == (caller.leg_id, "", "sales")
    assert acw.queue == "sales"


def test_an_agent_who_leaves_is_told_with_their_part() -> None:
    play = taking().event(offered(), at_s=170.0)
    state(play, AgentState.BUSY, 180.0)
    play.event(base.CallConnected(call_id="c1", agent="anna", queue="sales"), at_s=186.0)
    play.event(base.CallEnded(call_id="c1", released_by="caller"), at_s=200.0)
    play.event(base.AgentGone(agent="anna"), at_s=203.0)
    assert [part.acw_s for part in parts(play)] == [3.0]
    assert len(play.sent(msg.AgentStateRecord)) == 1


def test_a_ring_in_vain_is_a_part_without_talk() -> None:
    play = taking().event(offered(), at_s=170.0)
    state(play, AgentState.BUSY, 180.0)
    play.event(base.AgentUnanswered(agent="anna", call_id="c1"), at_s=200.0)
    (part,) = parts(play)
    assert (part.end_reason, part.rang_s, part.talked_s) == ("unanswered", 20.0, 0.0)


def test_an_older_node_is_told_of_callers_alone_and_no_number_is_missing() -> None:
    play = led()
    play.event(agent_of("anna", AgentState.READY), at_s=150.0)
    play.event(offered(), at_s=170.0)
    assert state(play, AgentState.BUSY, 180.0) == []
    play.event(base.CallConnected(call_id="c1", agent="anna", queue="sales"), at_s=186.0)
    play.event(base.CallEnded(call_id="c1", released_by="caller"), at_s=200.0)
    assert [one.number for one in play.sent(msg.CallLegRecord)] == [1]
    assert state(play, AgentState.READY, 210.0) == [] and parts(play) == []
