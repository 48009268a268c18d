"""A killed site keeps its answered calls and its journal, and nothing else."""

from sim_models import calls, network

from simulator.model.instants import US
from simulator.model.network import FaultModel
from simulator.model.outcomes import Outcome
from simulator.world import killing
from simulator.world.engine import WorldEngine, WorldRun


def started(seconds: float = 8.0) -> WorldRun:
    fault = FaultModel(kind="link", window=(90 * US, 91 * US), site=0)
    model = network((2, 2), duration_s=60.0, nodes_count=3, faults=(fault,))
    made = WorldEngine(seed=4).start(model)
    made.feed(calls(model, per_s=0.8, talk_s=6.0), int(seconds * US))
    return made


def test_answered_calls_go_on_and_others_end() -> None:
    made = started()
    world = made.world
    site = world.sites[0]
    legs = dict(site.acd.floor.legs)
    answered = {name for name, leg in legs.items() if leg.answered}
    assert 0 < len(answered) < len(legs)
    killing.kill(world, site, power_cut=False)
    assert set(site.acd.floor.legs) == answered
    assert not site.running
    world.timeline.run(9 * US)
    killing.restart(world, site)
    view = site.daemon.view(world.now_s())
    assert {call.call_id for call in view.calls} >= {
        name for name in answered if name in site.acd.floor.legs
    }
    assert view.counters["calls_resumed"] == len(answered)
    part = made.finish()
    assert made.problems == ()
    assert (part.outcomes["outcome"] == Outcome.SITE_LOST).sum() >= len(legs) - len(answered)


def test_who_is_dead_already_is_not_killed_and_who_lives_not_started() -> None:
    world = started().world
    site = world.sites[0]
    killing.restart(world, site)
    assert site.life == 1
    killing.kill(world, site, power_cut=True)
    killing.kill(world, site, power_cut=False)
    killing.restart(world, site)
    assert site.life == 2
