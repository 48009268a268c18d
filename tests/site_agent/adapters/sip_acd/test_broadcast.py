"""All ready agents of a queue are rung at once; the first who answers has the call."""

import pytest
from acd_bench import Bench
from acd_wire import Phone

from nrcli.wire.messages import AgentState
from site_agent.adapters import base
from site_agent.adapters.sip_acd.settings import AgentSettings, QueueSettings
from site_agent.sip.signals import CancelReceived

NAMES = ("anna", "berta", "carla")


def ring(distribution="broadcast", ring_s=15.0, **answer_after_s):
    """A bench with three agents; who is not named rings for ever."""
    agents = tuple(
        AgentSettings(name=name, queues={"sales": 5}, contact=f"sip:{name}@127.0.0.1:{6001 + n}")
        for n, name in enumerate(NAMES)
    )
    queues = (QueueSettings(name="sales", ring_s=ring_s, distribution=distribution),)
    made = Bench(agents=agents, queues=queues)
    made.phones = {"anna": made.anna}
    for n, name in enumerate(NAMES[1:], start=1):
        made.phones[name] = Phone(made.wire, ("127.0.0.1", 6001 + n), 4010 + n)
    for name, phone in made.phones.items():
        phone.answer_after_s = answer_after_s.get(name)
    return made


def rung(made):
    return [name for name, phone in made.phones.items() if phone.invites]


def connected(made):
    return [event.agent for event in made.told(base.CallConnected)]


def states(made):
    return {name: made.agent_state(name) for name in NAMES}


def assert_nobody_rings(made, but=""):
    for name, phone in made.phones.items():
        assert phone.is_idle or name == but, (name, phone.legs)


def test_everybody_rings_the_first_to_answer_has_the_call_and_the_others_are_ready_again():
    made = ring(berta=2.0)
    made.call()
    assert rung(made) == list(NAMES)
    assert set(states(made).values()) == {AgentState.BUSY}
    made.wire.advance(3.0)
    assert connected(made) == ["berta"]
    assert len(made.anna.told(CancelReceived)) == 1
    assert states(made) == {
        "anna": AgentState.READY, "berta": AgentState.BUSY, "carla": AgentState.READY,
    }  # fmt: skip
    assert_nobody_rings(made, but="berta")
    made.finish()


@pytest.mark.parametrize("answered_first", [False, True])
def test_two_who_answer_at_the_same_moment_are_never_both_connected(answered_first):
    made = ring(anna=2.0, berta=2.0, carla=2.0)
    if answered_first:
        for phone in made.phones.values():
            phone.answer_after_s = 3.0
    made.call()
    made.wire.advance(6.0)
    assert len(connected(made)) == 1
    assert_nobody_rings(made, but=connected(made)[0])
    made.finish()


def test_one_who_refuses_rests_and_the_others_ring_on():
    made = ring(carla=4.0)
    made.anna.refuse = 486
    made.call()
    made.wire.advance(1.0)
    assert states(made)["anna"] is AgentState.NOT_READY
    assert not connected(made) and len(made.phones["carla"].legs) == 1
    made.wire.advance(4.0)
    assert connected(made) == ["carla"]
    made.finish()


def test_nobody_answers_they_rest_and_the_caller_keeps_the_place():
    made = ring(ring_s=3.0)
    made.call()
    made.wire.advance(5.0)
    assert set(states(made).values()) == {AgentState.NOT_READY}
    assert_nobody_rings(made)
    assert not made.told(base.CallEnded)
    made.anna.answer_after_s = 0.0
    made.wire.advance(10.0)
    assert connected(made) == ["anna"]
    made.finish()


def test_the_caller_hangs_up_and_every_phone_stops_ringing():
    made = ring()
    made.call()
    made.caller.hang_up(made.leg)
    made.wire.advance(2.0)
    assert_nobody_rings(made)
    assert set(states(made).values()) == {AgentState.READY}
    made.finish()


def test_a_second_caller_rings_nobody_who_is_rung_already():
    made = ring(berta=2.0)
    first, second = made.call(), ""
    other = Phone(made.wire, ("127.0.0.10", 7000), 4004)
    other.call("sip:sales@127.0.0.1:5061")
    made.wire.settle()
    second = made.offered()[-1].call_id
    assert all(len(phone.invites) == 1 for phone in made.phones.values())
    made.wire.advance(3.0)
    events = made.told(base.CallConnected)
    assert (events[0].call_id, events[0].agent) == (first, "berta") and second != first
    assert len(made.phones["berta"].invites) == 1
    assert sum(len(phone.invites) for phone in made.phones.values()) > 3, "the others ring again"
    assert all(len(phone.legs) <= 1 for phone in made.phones.values())
    for leg in list(other.legs):
        other.hang_up(leg)
    made.finish()


def test_an_answered_caller_is_joined_with_the_first_to_answer():
    made = ring(carla=2.0)
    for phone in made.phones.values():
        phone.wire = made.wire
    for name in NAMES:
        made.acd.take(made.acd.acd.set_agent_state(name, False, made.wire.now_s))
    made.call()
    made.wire.advance(2.0)
    assert made.told(base.CallAnswered)
    for name in NAMES:
        made.acd.acd._desk.queueing.agents.get(name).wants_ready = True
        made.acd.acd._desk.queueing.agents.refresh(
            made.acd.acd._desk.queueing.agents.get(name), made.wire.now_s
        )
    made.acd.take(made.acd.acd.set_agent_state("anna", True, made.wire.now_s))
    made.wire.advance(3.0)
    assert connected(made) == ["carla"] and made.caller.hears() == 4012
    made.finish()


def test_a_call_that_came_for_a_broadcast_rings_everybody_whatever_the_queues_own_way():
    made = ring(distribution="longest_ready", carla=2.0)

    def decide(event):
        if isinstance(event, base.CallArriving):
            return [
                base.AcceptArrival(
                    call_id=event.call_id, hold_id="h1", interaction_id="i1", service="sales",
                    queue="sales", waited_s=3.0, answer_now=True, broadcast=True,
                )
            ]  # fmt: skip
        return []

    made.acd.decide = decide
    made.acd.command(base.HoldPlace(hold_id="h1", queue="sales"))
    made.call("nirc-" + "a" * 26, ("127.0.0.1", 5062))
    assert rung(made) == list(NAMES)
    made.wire.advance(3.0)
    assert connected(made) == ["carla"]
    made.finish()
