import pytest

from nrcli.wire.messages import AgentState
from site_agent.adapters.sip_acd.holds import LostHold
from site_agent.adapters.sip_acd.queueing import Queueing
from site_agent.adapters.sip_acd.settings import (
    AgentSettings,
    LimitSettings,
    QueueSettings,
    SipAcdSettings,
)


@pytest.fixture
def core() -> Queueing:
    return Queueing(
        SipAcdSettings(
            trunk_groups=(),
            queues=(QueueSettings(name="sales", places_max=2),),
            agents=(AgentSettings(name="anna", queues={"sales": 5}, contact="sip:a@127.0.0.1"),),
            limits=LimitSettings(hold_s_max=60.0),
        )
    )


def shown(core: Queueing) -> AgentState | None:
    anna = core.agents.get("anna")
    assert anna is not None
    return anna.shown


def test_a_held_agent_gets_no_other_call_and_only_the_held_one(core):
    assert core.holds.hold_agent("h1", "anna", "sales", 1.0) == ""
    assert core.holds.hold_agent("h2", "anna", "sales", 1.0) == "no_agent"
    assert shown(core) is AgentState.RESERVED
    core.enter("c1", "sales", 1.0)
    assert core.match(1.0) == []
    assert not core.take_held("h2", "anna", "moved", 2.0)
    assert core.take_held("h1", "anna", "moved", 2.0)
    assert shown(core) is AgentState.BUSY
    assert len(core.holds) == 0


def test_a_released_agent_serves_the_queue_again_with_old_rank(core):
    core.holds.hold_agent("h1", "anna", "sales", 1.0)
    core.enter("c1", "sales", 1.0)
    core.holds.release("h1", 5.0)
    assert [match.call_id for match in core.match(5.0)] == ["c1"]
    core.holds.release("h1", 6.0)
    core.holds.release("unknown", 6.0)


def test_places_held_and_filled_never_pass_the_limit(core):
    core.set_ready("anna", False, 0.0)
    assert core.holds.hold_place("h1", "sales", 1.0) == ""
    core.enter("c1", "sales", 1.0)
    assert core.holds.hold_place("h2", "sales", 1.0) == "no_place"
    assert core.holds.use("h1")
    assert not core.holds.use("h1")
    assert core.holds.hold_place("h2", "sales", 1.0) == ""
    assert core.holds.hold_place("h3", "nowhere", 1.0) == "unknown"
    core.holds.release("h2", 2.0)
    core.lines["sales"].open = False
    assert core.holds.hold_place("h4", "sales", 2.0) == "closed"
    assert core.lines["sales"].places_held_count == 0


@pytest.mark.parametrize("cause", ["not_ready", "unregistered", "expired"])
def test_a_hold_that_cannot_be_kept_is_lost_and_told_once(core, cause):
    core.holds.hold_agent("h1", "anna", "sales", 1.0)
    if cause == "not_ready":
        core.set_ready("anna", False, 2.0)
    elif cause == "unregistered":
        core.set_reachable("anna", False, 2.0)
    else:
        core.fire(61.0)
    assert core.holds.take_lost() == [LostHold(hold_id="h1", reason=cause)]
    assert core.holds.take_lost() == []
    expected = AgentState.READY if cause == "expired" else AgentState.NOT_READY
    assert shown(core) is expected
    assert core.next_timer_s() is None
