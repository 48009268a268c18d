"""Which paths are used, by what test calls say."""

from __future__ import annotations

from nirc.core.path_proofs import PathProofs
from nirc.core.paths import PathTable
from nirc.core.settings import RouterSettings
from nrcli.wire.messages import TransferMethod
from routing_policies.document import PathDoc


def path(name: str, proven: bool = True, methods: tuple[str, ...] = ("bridge",)) -> PathDoc:
    spec = {
        "from_site": "lisbon",
        "trunk_group": "carrier",
        "to_site": "porto",
        "arrives_on": "network",
        "methods": methods,
        "proven": proven,
    }
    return PathDoc.model_validate(
        {"apiVersion": "nirc/v1", "kind": "Path", "metadata": {"name": name}, "spec": spec}
    )


def proofs() -> PathProofs:
    return PathProofs(RouterSettings(probe_keep_s=100.0))


def test_an_unvouched_path_is_used_while_its_good_test_call_is_young() -> None:
    found, unproved = proofs(), path("p", proven=False)
    assert found.used([unproved]) == []
    found.good("p", 0.4, 10.0)
    assert found.used([unproved]) == [unproved]
    assert not found.time(110.0) and found.proved(unproved)
    assert found.time(110.1) and not found.proved(unproved)
    assert not found.time(111.0)


def test_two_bad_ones_in_a_row_take_a_path_out_until_one_is_good() -> None:
    found, good, other = proofs(), path("p"), path("q")
    found.bad("p", "refused", 10.0)
    assert found.used([good, other]) == [good, other]
    found.bad("p", "refused", 11.0)
    assert found.used([good, other]) == [other] and found.failing("p")
    found.good("p", 0.3, 12.0)
    assert found.used([good, other]) == [good, other]


def test_the_last_way_is_never_taken_out() -> None:
    found, only = proofs(), path("p")
    for _ in range(5):
        found.bad("p", "refused", 10.0)
    assert found.used([only]) == [only]
    assert found.used([only, path("q", proven=False)]) == [only]


def test_the_set_up_time_is_measured_and_gone_paths_are_forgotten() -> None:
    found = proofs()
    assert found.of("p").p99_s == 0.0
    for took_s in (0.2, 0.9, 0.3):
        found.good("p", took_s, 10.0)
    assert found.of("p").p99_s == 0.9 and found.of("p").tried_at_s == 10.0
    found.untried("q", 12.0)
    found.keep(["q"])
    assert found.of("p").good_at_s is None and found.of("q").tried_at_s == 12.0


def test_what_one_node_learnt_the_others_know_and_the_newest_counts() -> None:
    leader, other = proofs(), proofs()
    leader.good("p", 0.4, 50.0)
    assert other.adopt(leader.told(60.0), 1_060.0)
    assert not other.adopt(leader.told(61.0), 1_061.0)
    assert other.of("p").good_at_s == 1_050.0 and other.of("p").p99_s == 0.4
    other.bad("p", "busy", 1_070.0)
    assert not other.adopt(leader.told(80.0), 1_080.0) and other.of("p").problem == "busy"
    assert leader.adopt(other.told(1_080.0), 80.0)
    assert (leader.of("p").bad_count, leader.of("p").good_at_s) == (1, 50.0)


def test_what_is_proved_through_the_carrier_is_proved_of_that_method_alone() -> None:
    found = proofs()
    carried = path("p", proven=False, methods=("refer", "bridge"))
    found.good("p by refer", 0.6, 10.0)
    assert found.proved(carried) and found.proved_by(carried, "refer")
    assert not found.proved_by(carried, "bridge")
    found.good("p", 0.4, 11.0)
    assert found.proved_by(carried, "bridge")
    found.keep(["p"])
    assert found.of("p by refer").good_at_s == 10.0
    found.keep([])
    assert found.of("p by refer").good_at_s is None


def test_a_method_that_a_carrier_failed_twice_goes_last() -> None:
    found, carried = proofs(), path("p", methods=("refer", "bridge"))
    table = PathTable(RouterSettings(), [carried], proofs=found)
    assert len(table.ladder("lisbon", "carrier", "porto", True).rungs) == 2
    for _ in range(2):
        found.bad("p by refer", "it refuses the REFER (405)", 10.0)
    table.proofs_changed()
    (rung,) = table.ladder("lisbon", "carrier", "porto", True).rungs
    assert rung.method is TransferMethod.BRIDGE
    alone = PathTable(RouterSettings(), [path("p", methods=("refer",))], proofs=found)
    (rung,) = alone.ladder("lisbon", "carrier", "porto", True).rungs
    assert rung.method is TransferMethod.REFER, "the last way there"


def test_bad_targets_of_paths_to_many_by_path_and_way() -> None:
    found = proofs()
    found.bad("p", "busy", 10.0, "porto")
    found.bad("p by refer", "405", 11.0, "faro")
    found.bad("q", "of a path to one", 12.0)
    bad = found.bad_targets()
    assert {name: list(targets) for name, targets in bad.items()} == {
        "p": ["porto"],
        "p by refer": ["faro"],
    }
    found.good("p", 0.4, 13.0, "porto")
    assert list(found.bad_targets()) == ["p by refer"]
