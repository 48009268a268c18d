"""What the daemon is shown of each state of an agent."""

from nrcli.wire.messages import AgentState
from simulator.model.network import AgentModel, QueueModel
from simulator.model.outcomes import AGENT_STATES
from simulator.world.acd_state import OCCUPIED, OFF, SHOWN, Agent, Hold, Leg


def test_every_state_is_shown() -> None:
    assert set(SHOWN) == {OFF, *range(len(AGENT_STATES))}
    assert SHOWN[OFF] is AgentState.NULL
    assert {SHOWN[state] for state in OCCUPIED} == {
        AgentState.RESERVED,
        AgentState.BUSY,
        AgentState.WORKING_AFTER_CALL,
    }


def test_an_agent_knows_the_queues_by_name_and_index() -> None:
    model = AgentModel(name="ana", levels=((1, 7),), shifts=())
    queues = (QueueModel(name="sales"), QueueModel(name="help"))
    agent = Agent(model, 0, 4, queues)
    assert agent.levels == {1: 7}
    assert [(one.queue, one.level) for one in agent.memberships] == [("help", 7)]
    assert agent.state == OFF


def test_a_leg_begins_with_one_channel_and_a_hold_with_its_request() -> None:
    assert Leg("1.0.0", None, 0, 1).channels == 1
    assert Hold("h", 0, None, "r", 5).request_id == "r"
