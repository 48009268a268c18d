from nrcli.wire.messages import AgentState
from site_agent.adapters.sip_acd.agents import Activity, AgentBook
from site_agent.adapters.sip_acd.settings import AgentSettings

ANNA = AgentSettings(name="anna", queues={"sales": 5}, contact="sip:anna@127.0.0.1:6001")
BERT = AgentSettings(name="bert", queues={"sales": 9, "help": 1}, contact="sip:b@127.0.0.1")
CARL = AgentSettings(name="carl", queues={"sales": 9})


def book() -> AgentBook:
    return AgentBook([ANNA, BERT, CARL], ["sales", "help"])


def state(agents: AgentBook, name: str) -> AgentState | None:
    agent = agents.get(name)
    assert agent is not None
    return agent.shown


def test_a_static_contact_is_ready_and_a_phone_never_seen_is_null():
    agents = book()
    assert state(agents, "anna") is AgentState.READY
    assert state(agents, "carl") is AgentState.NULL
    assert agents.changed == {"anna", "bert", "carl"}


def test_longest_ready_first_then_level():
    agents = book()
    picked = agents.pick("sales")
    assert picked is not None and picked.name == "bert"  # equally long: the higher level
    agents.set_activity(picked, Activity.CALL, 5.0, call_id="c1")
    assert state(agents, "bert") is AgentState.BUSY
    agents.set_activity(picked, Activity.IDLE, 9.0)
    picked = agents.pick("sales")
    assert picked is not None and picked.name == "anna"


def test_a_call_that_fell_through_keeps_the_rank():
    agents = book()
    bert = agents.get("bert")
    assert bert is not None
    agents.set_activity(bert, Activity.HELD, 5.0, hold_id="h")
    assert state(agents, "bert") is AgentState.RESERVED
    assert not agents.is_ready(bert, "help")
    agents.set_activity(bert, Activity.IDLE, 9.0, fresh=False)
    assert bert.ready_since_s == 0.0
    assert agents.pick("sales") is bert


def test_an_unregistered_phone_is_not_ready_whatever_the_agent_wants():
    agents = book()
    anna = agents.get("anna")
    assert anna is not None
    anna.reachable = False
    agents.refresh(anna, 1.0)
    assert state(agents, "anna") is AgentState.NOT_READY
    assert not agents.has_ready("nowhere")
