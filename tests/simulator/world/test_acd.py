"""The simulated ACD keeps the adapter's contract: inputs and the events that follow, in order."""

from dataclasses import replace
from typing import Any

from sim_world import Ears, one_site, try_of

from nrcli.wire.messages import AgentState
from simulator.model.instants import US
from simulator.model.network import AgentModel, NetworkModel
from simulator.model.outcomes import READY
from simulator.world.acd import WorldAcd
from simulator.world.acd_state import Leg
from simulator.world.tally import Tally
from simulator.world.timeline import Timeline
from site_agent.adapters import base


def acd_of(model: NetworkModel) -> tuple[WorldAcd, Timeline]:
    timeline, ears = Timeline(), Ears()
    acd = WorldAcd(model, 0, timeline, tally=Tally(model), callers=ears, carriers=ears)
    acd.snapshot(0.0)
    return acd, timeline


def enters(acd: WorldAcd, number: int, **changes: Any) -> tuple[Leg, list[type]]:
    leg = try_of(number, **changes).new_leg(0, 0)
    return leg, [type(event) for event in acd.enter(leg, 0, "", "sales")]


def test_a_call_that_waits_and_one_that_does_not() -> None:
    acd, _ = acd_of(one_site())
    _, served = enters(acd, 1)
    assert served == [
        base.TrunkChanged,
        base.CallOffered,
        base.AgentChanged,
        base.CallConnected,
        base.QueueChanged,
    ]
    _, waits = enters(acd, 2)
    assert waits == [base.TrunkChanged, base.CallOffered, base.QueueChanged]


def test_a_caller_who_gives_up_frees_the_agent_who_is_rung() -> None:
    acd, _ = acd_of(one_site(agent_ring_us=5 * US))
    rung, _ = enters(acd, 1)
    waiting, _ = enters(acd, 2)
    events = acd.caller_left(rung)
    assert [type(event) for event in events] == [
        base.CallEnded,
        base.TrunkChanged,
        base.QueueChanged,
    ]
    assert waiting.ringing
    assert acd.caller_left(rung) == []


def test_channels_and_places_have_ends() -> None:
    model = one_site(0, queue_places_max=1)
    trunk = replace(model.sites[0].trunks[0], channels_max=1)
    site = replace(model.sites[0], trunks=(trunk, model.sites[0].trunks[1]))
    acd, _ = acd_of(replace(model, sites=(site,)))
    assert not acd.busy(0)
    assert acd.place_free(0)
    enters(acd, 1)
    assert acd.busy(0)
    assert not acd.place_free(0)


def test_music_answers_who_waits_once() -> None:
    acd, _ = acd_of(one_site(0))
    leg, _ = enters(acd, 1)
    assert [type(event) for event in acd.music(leg)] == [base.CallAnswered]
    assert acd.music(leg) == []
    leg.moving = "m"
    [sign] = acd.progress(leg, "m", base.MoveSign.NOTIFIED, 200)
    assert isinstance(sign, base.MoveProgress)
    assert acd.probed(leg, True) == [base.CallerProbed(call_id=leg.call_id, alive=True)]


def test_shifts_begin_and_end_and_work_is_finished_first() -> None:
    shifts = ((10 * US, 20 * US), (30 * US, 40 * US))
    agent = AgentModel(name="ana", levels=((0, 5),), shifts=shifts)
    model = one_site()
    site = replace(model.sites[0], agents=(agent,))
    acd, timeline = acd_of(replace(model, sites=(site,)))
    [ana] = acd.floor.agents
    assert ana.shown is AgentState.NULL
    timeline.run(11 * US)
    assert ana.state == READY
    enters(acd, 1, talk_us=15 * US)
    timeline.run(21 * US)
    assert ana.shown is AgentState.BUSY
    timeline.run(27 * US)
    assert ana.shown is AgentState.NULL
    timeline.run(31 * US)
    assert ana.state == READY
    acd.pass_to(timeline.now_us)
    assert sum(acd.floor.tally.agents[0].spent_us[0]) == 17 * US


def test_a_lost_site_has_nobody_and_comes_back() -> None:
    acd, _ = acd_of(one_site(2))
    leg, _ = enters(acd, 1)
    enters(acd, 2)
    enters(acd, 3)
    acd.command(base.HoldPlace(hold_id="h", queue="sales"), 0.0)
    kinds = [type(event) for event in acd.lose()]
    assert kinds.count(base.CallEnded) == 3
    assert base.HoldLost in kinds
    assert leg.over
    assert acd.lost
    assert acd.floor.used == [0, 0]
    assert not acd.floor.has_ready(0)
    acd.restore()
    assert len(acd.floor.ready[0].members) == 2


def test_it_can_do_everything() -> None:
    acd, _ = acd_of(one_site())
    assert len(acd.capabilities().methods) == 3
