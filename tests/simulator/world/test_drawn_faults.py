"""A seed draws a few kinds of faults, some seeds none; every kind comes up."""

from simulator.world.dice import Dice
from simulator.world.drawn_faults import KINDS, Where, drawn_faults

WHERE = Where(sites=("lisbon", "porto"), nodes=3, for_s=20.0)


def test_mixes_differ_and_every_kind_comes_up() -> None:
    mixes = [
        frozenset(fault["kind"] for fault in drawn_faults(Dice(seed), WHERE)) for seed in range(200)
    ]
    assert frozenset().union(*mixes) == set(KINDS)
    assert 2 <= mixes.count(frozenset()) <= 30
    assert len(set(mixes)) > 60
    assert all(len(mix) < len(KINDS) for mix in mixes)


def test_faults_stand_in_order_and_name_what_there_is() -> None:
    for seed in range(50):
        faults = drawn_faults(Dice(seed), WHERE)
        begins = [fault["from_s"] for fault in faults]
        assert begins == sorted(begins)
        assert all(fault.get("site", "lisbon") in WHERE.sites for fault in faults)
        assert all(-1 <= fault.get("node", 0) < WHERE.nodes for fault in faults)


def test_one_seed_is_one_schedule() -> None:
    assert drawn_faults(Dice(7), WHERE) == drawn_faults(Dice(7), WHERE)
