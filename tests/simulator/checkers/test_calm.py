"""Calm times, and who is whole in them."""

from told_faults import broken, mended, watched

from simulator.checkers.calm import calms


def test_without_faults_there_is_nothing_to_judge() -> None:
    assert calms([watched(9.0)]) == [] == calms([])


def test_a_calm_begins_and_ends_with_each_change() -> None:
    lines = [broken(1.0, "gone", nodes="n1"), broken(3.0, "links", sites="porto", name="2")]
    found = calms([*lines, mended(5.0), mended(6.0, "2"), watched(9.0)])
    assert [(one.from_s, one.until_s) for one in found] == [
        (1.0, 3.0),
        (3.0, 5.0),
        (5.0, 6.0),
        (6.0, 9.0),
    ]
    assert [one.only("gone") for one in found] == [True, False, False, True]
    assert [one.whole_count for one in found[:3]] == [2, 2, 3]
    assert found[0].gone("n1") and not found[0].gone("n2")
    assert not found[1].spares("porto") and found[1].spares("lisbon")


def test_most_nodes_must_be_whole() -> None:
    (two,) = calms([broken(1.0, "store", nodes="n1,n2"), watched(9.0)])
    (everybody,) = calms([broken(1.0, "store"), watched(9.0)])
    assert not two.has_quorum and everybody.whole_count == 0


def test_where_anything_is_slow_there_is_no_calm() -> None:
    assert calms([broken(1.0, "slow"), watched(9.0)]) == []
