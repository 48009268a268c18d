"""The daemon is told what changed, once."""

from sim_world import floor_of, one_site

from simulator.model.outcomes import NOT_READY
from site_agent.adapters import base


def test_what_did_not_change_is_not_told() -> None:
    floor, _, _ = floor_of(one_site())
    told, agent = floor.told, floor.agents[0]
    told.agent(agent)
    told.trunk(0)
    told.changed.add(0)
    told.take()
    told.agent(agent)
    told.trunk(0)
    told.changed.add(0)
    assert told.take() == []
    floor.set_state(agent, NOT_READY)
    told.changed.add(0)
    floor.lines[0].answered_count += 1
    told.agent(agent)
    told.event(base.CallAnswered(call_id="c"))
    kinds = [type(event) for event in told.take()]
    assert kinds == [base.AgentChanged, base.CallAnswered, base.QueueChanged]
