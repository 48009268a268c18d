"""What is missing, what came late, and what came twice."""

from hypothesis import given
from hypothesis import strategies as st

from nirc.records import gaps as module
from nirc.records.gaps import Gaps


def test_numbers_that_were_left_out_are_missing_until_they_come() -> None:
    gaps = Gaps()
    assert [gaps.take("s", number) for number in (1, 2, 6)] == [True] * 3
    assert (gaps.missing_count, gaps.missing()) == (3, {"s": 3})
    assert gaps.take("s", 4)
    assert gaps.missing_count == 2
    assert not gaps.take("s", 4) and not gaps.take("s", 2)
    assert gaps.twice_count == 2
    assert gaps.take("s", 3) and gaps.take("s", 5)
    assert gaps.missing() == {}


def test_a_source_that_begins_late_lacks_what_was_before() -> None:
    gaps = Gaps()
    gaps.take("s", 4)
    assert gaps.missing_count == 3


def test_a_version_that_counts_none_is_taken_always() -> None:
    gaps = Gaps()
    assert gaps.take("s", 0) and gaps.take("s", 0)
    assert gaps.missing_count == gaps.twice_count == 0


@given(st.lists(st.integers(min_value=1, max_value=40), max_size=80), st.integers(0, 80))
def test_any_order_gives_the_same_count_and_survives_a_restart(order: list[int], cut: int) -> None:
    gaps = Gaps()
    taken = [gaps.take("s", number) for number in order[:cut]]
    gaps = Gaps.read(gaps.kept())
    taken += [gaps.take("s", number) for number in order[cut:]]
    assert sum(taken) == len(set(order))
    assert gaps.missing_count == max(order, default=0) - len(set(order))


def test_it_is_bounded_and_forgets_no_count(monkeypatch) -> None:
    monkeypatch.setattr(module, "SOURCES_MAX", 2)
    monkeypatch.setattr(module, "HOLES_MAX", 2)
    gaps = Gaps()
    for number in (2, 4, 6, 8):
        gaps.take("a", number)
    assert gaps.missing_count == 4 and len(gaps.kept()["sources"]["a"][2]) == 2
    gaps.take("b", 1)
    gaps.take("c", 1)
    assert gaps.missing_count == 4 and "a" not in gaps.kept()["sources"]
