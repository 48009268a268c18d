"""What was written is there after a kill; what was synced is there after a power cut."""

from nrcli.wire.messages import Epoch
from simulator.world.dice import Dice
from simulator.world.disk import Disk
from site_agent.core.actions import JournalDrop, JournalPut


def written() -> Disk:
    disk = Disk()
    disk.put(JournalPut(kind="move", key="t1", value={"a": 1}, sync=True))
    disk.put(JournalPut(kind="call", key="c1", value={"b": 2}))
    disk.drop(JournalDrop(kind="move", key="t1"))
    return disk


def test_a_kill_loses_nothing_that_was_written() -> None:
    disk = written()
    disk.killed(Dice(1), "lisbon", power_cut=False)
    read = disk.read(())
    assert read.entries == (("call", "c1", {"b": 2}),)
    assert read.sure


def test_a_power_cut_loses_a_tail_of_what_was_not_synced() -> None:
    left = set()
    for seed in range(30):
        disk = written()
        disk.killed(Dice(seed), "lisbon", power_cut=True)
        read = disk.read(())
        assert not read.sure
        left.add(tuple(key for _, key, _ in read.entries))
    assert left == {("c1",), ("c1", "t1"), ("t1",)}


def test_what_was_dropped_for_good_stays_away() -> None:
    for seed in range(9):
        disk = written()
        disk.drop(JournalDrop(kind="callback", key="cb", sync=True))
        disk.killed(Dice(seed), "lisbon", power_cut=True)
        assert [key for _, key, _ in disk.read(()).entries] == ["c1"]


def test_epochs_only_grow() -> None:
    disk = Disk()
    disk.save_epoch("first", Epoch(generation=1, revision=9), "n9")
    disk.save_epoch("first", Epoch(generation=1, revision=3), "n3")
    assert disk.epochs["first"].revision == 9
