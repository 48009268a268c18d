"""Each kind of fault has its effect, and is told with whom it concerns."""

from sim_models import network

from simulator.checkers.faults_told import EFFECTS, faults_of
from simulator.model.network import FaultModel
from simulator.world.engine import WorldEngine
from simulator.world.fault_words import effect_of


def test_effects() -> None:
    def effect(kind: str, **more: object) -> str:
        return effect_of(FaultModel(kind=kind, window=(0, 1), **more))  # type: ignore[arg-type]

    assert [effect(kind) for kind in ("node", "pause", "late")] == ["gone", "gone", "slow"]
    assert effect("pause", site=0) == effect("agent", site=0) == "site_stopped"
    assert (effect("etcd"), effect("etcd", way="slow")) == ("store", "slow")
    kinds = ("site", "link", "peer_link", "clock", "store", "path", "black_hole", "twice", "loss")
    assert {effect(kind) for kind in kinds} <= set(EFFECTS)


def test_a_run_tells_its_faults() -> None:
    fault = FaultModel(kind="link", window=(1_000_000, 2_000_000), site=1)
    run = WorldEngine().start(network((1, 1), faults=(fault,), duration_s=5.0))
    run.world.timeline.run(3_000_000)
    (found,) = faults_of(run.world.watch.lines)  # type: ignore[union-attr]
    assert (found.effect, found.sites) == ("links", {run.world.sites[1].name})
    assert found.until_s - found.from_s == 1.0
