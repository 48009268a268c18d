"""Device truth, the agent's own pause, and holds are joined into one state."""

import pytest

from nrcli.wire.messages import AgentState
from site_agent.adapters.asterisk.settings import QueueSettings
from site_agent.adapters.asterisk.state import Agent, Member, Queue

S = AgentState


def agent(status: int = 1, paused: bool = False, reason: str = "", **more: object) -> Agent:
    made = Agent("anna")
    member = made.members["sales"] = Member("PJSIP/anna")
    member.status, member.paused, member.reason = status, paused, reason
    for name, value in more.items():
        setattr(made, name, value)
    return made


@pytest.mark.parametrize(
    ("made", "state"),
    [
        (Agent("anna"), S.NULL),
        (agent(), S.READY),
        (agent(0), S.NOT_READY),
        (agent(4), S.NOT_READY),
        (agent(5), S.NOT_READY),
        (agent(5, hold_id="h"), S.NOT_READY),
        (agent(2), S.BUSY),
        (agent(3), S.BUSY),
        (agent(6), S.BUSY),
        (agent(6, given="c"), S.RESERVED),
        (agent(talking="c"), S.BUSY),
        (agent(paused=True, reason="break"), S.NOT_READY),
        (agent(paused=True, reason="break", hold_id="h"), S.NOT_READY),
        (agent(paused=True, reason="nirc", hold_id="h"), S.RESERVED),
        (agent(paused=True, reason="nirc"), S.RESERVED),
        (agent(hold_id="h"), S.RESERVED),
        (agent(ringing={"c"}), S.BUSY),
        (agent(after_call=True), S.WORKING_AFTER_CALL),
    ],
)
def test_an_agents_state(made: Agent, state: AgentState) -> None:
    assert made.shown() is state


def test_a_queue_in_which_alone_an_agent_is_paused_is_left_out() -> None:
    made = agent()
    other = made.members["tech"] = Member("PJSIP/anna")
    other.status, other.paused, other.reason, other.penalty = 1, True, "break", 3
    assert made.shown() is S.READY
    assert [one.queue for one in made.queues()] == ["sales"]
    other.paused = False
    assert [(one.queue, one.level) for one in made.queues()] == [("sales", 10), ("tech", 7)]
    assert made.phone == "anna"


def test_the_smaller_limit_counts_and_talks_move_the_mean() -> None:
    queue = Queue(QueueSettings(name="sales", places_max=50, aht_s=100.0))
    assert queue.places_max == 50
    queue.limit = 10
    assert queue.places_max == 10
    queue.talked(200.0)
    assert queue.aht_s == 110.0
