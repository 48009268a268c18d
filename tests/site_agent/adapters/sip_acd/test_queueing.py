from nrcli.wire.messages import AgentState
from routing_policies.network_kinds import Ageing
from site_agent.adapters.sip_acd.queueing import Match, Queueing
from site_agent.adapters.sip_acd.settings import (
    AgentSettings,
    LimitSettings,
    QueueSettings,
    SipAcdSettings,
)


def queueing(*agents: AgentSettings, rona_rest_s: float = 30.0) -> Queueing:
    return Queueing(
        SipAcdSettings(
            trunk_groups=(),
            queues=(QueueSettings(name="sales", acw_s=2.0), QueueSettings(name="help")),
            agents=agents,
            limits=LimitSettings(rona_rest_s=rona_rest_s),
        )
    )


def agent(name: str, **queues: int) -> AgentSettings:
    return AgentSettings(name=name, queues=queues or {"sales": 5}, contact="sip:a@127.0.0.1")


def state(core: Queueing, name: str) -> AgentState | None:
    known = core.agents.get(name)
    return known.shown if known else None


def test_calls_wait_and_go_to_agents_in_order():
    core = queueing(agent("anna"))
    assert core.would_serve_at_once("sales")
    core.enter("c1", "sales", 1.0)
    assert core.match(1.0) == [Match(call_id="c1", agent="anna", queue="sales")]
    core.leave("c1", answered=True)
    core.enter("c2", "sales", 2.0)
    core.enter("c3", "sales", 3.0, priority=1)
    assert core.match(3.0) == []
    core.agent_done("anna", "sales", 10.0, 11.0)
    assert state(core, "anna") is AgentState.WORKING_AFTER_CALL
    assert core.next_timer_s() == 13.0
    core.fire(13.0)
    assert core.match(13.0) == [Match(call_id="c3", agent="anna", queue="sales")]
    assert core.lines["sales"].answered_count == 1
    assert core.lines["sales"].aht_s(13.0) == 12.0


def test_one_agent_of_two_queues_gets_the_best_call_of_both():
    core = queueing(agent("anna", sales=1, help=1))
    core.set_ready("anna", False, 0.0)
    core.enter("young", "sales", 5.0)
    core.enter("old", "help", 1.0)
    core.set_ready("anna", True, 6.0)
    assert [match.call_id for match in core.match(6.0)] == ["old"]


def test_rona_makes_not_ready_for_a_rest_and_the_call_goes_to_the_head():
    core = queueing(agent("anna"))
    core.enter("c1", "sales", 5.0)
    core.match(5.0)
    core.enter("c0", "sales", 1.0)
    core.agent_failed("anna", 20.0)
    core.set_free("c1", True, head=True)
    assert state(core, "anna") is AgentState.NOT_READY
    assert core.match(20.0) == []
    core.fire(50.0)
    assert [match.call_id for match in core.match(50.0)] == ["c1"]


def test_without_a_rest_an_agent_must_say_ready_again():
    core = queueing(agent("anna"), rona_rest_s=0.0)
    core.enter("c1", "sales", 5.0)
    core.match(5.0)
    core.agent_failed("anna", 20.0)
    assert core.next_timer_s() is None
    core.set_free("c1", True)
    core.set_ready("anna", True, 90.0)
    assert [match.call_id for match in core.match(90.0)] == ["c1"]


def test_a_call_in_motion_is_offered_to_nobody_until_it_is_back():
    core = queueing(agent("anna"))
    core.set_ready("anna", False, 0.0)
    core.enter("c1", "sales", 1.0)
    core.set_free("c1", False)
    core.set_ready("anna", True, 2.0)
    assert core.match(2.0) == []
    core.set_free("c1", True)
    assert [match.call_id for match in core.match(3.0)] == ["c1"]


def test_pending_not_ready_counts_from_the_end_of_the_call():
    core = queueing(agent("anna", help=1))
    core.enter("c1", "help", 1.0)
    core.match(1.0)
    core.set_ready("anna", False, 2.0)
    assert state(core, "anna") is AgentState.BUSY
    core.agent_done("anna", "help", 1.0, 3.0)
    assert state(core, "anna") is AgentState.NOT_READY


def test_ready_ends_after_call_work_at_once():
    core = queueing(agent("anna"))
    core.enter("c1", "sales", 1.0)
    core.match(1.0)
    core.agent_done("anna", "sales", 1.0, 3.0)
    core.set_ready("anna", True, 3.5)
    assert state(core, "anna") is AgentState.READY
    core.fire(10.0)
    assert state(core, "anna") is AgentState.READY


def test_unknown_calls_and_agents_change_nothing():
    core = queueing(agent("anna"))
    core.leave("nobody")
    core.set_free("nobody", True)
    core.agent_unused("nobody", 1.0)
    core.agent_failed("anna", 1.0)
    core.set_reachable("nobody", True, 1.0)
    assert not core.set_ready("nobody", True, 1.0)
    assert state(core, "anna") is AgentState.READY


def test_a_broadcast_takes_every_ready_agent_for_one_call():
    core = queueing(agent("anna"), agent("berta"), agent("carla", help=1))
    core.enter("c1", "sales", 1.0, broadcast=True)
    core.enter("c2", "sales", 2.0)
    assert core.match(2.0) == [Match(call_id="c1", agent="anna", queue="sales", others=("berta",))]
    assert state(core, "anna") is state(core, "berta") is AgentState.BUSY
    core.agent_unused("berta", 3.0)
    assert core.match(3.0) == [Match(call_id="c2", agent="berta", queue="sales")]


def test_a_caller_held_back_waits_until_let_in_and_an_older_one_grown_comes_first():
    core = queueing(agent("anna"))
    core.enter("c1", "sales", 1.0, free=False)
    assert core.match(1.0) == []
    core.enter("c2", "sales", 2.0, priority=2, free=False)
    core.lines["sales"].age(core.waiting("c1"), Ageing(every_s=10.0, most=5))
    core.set_free("c1", True)
    core.set_free("c2", True)
    assert core.match(40.0) == [Match(call_id="c1", agent="anna", queue="sales")]
