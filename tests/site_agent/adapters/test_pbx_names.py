"""Names that a site's file and its PBX do not share: what is told of them, and how often."""

import pytest

from site_agent.adapters.acd_events import PbxName, PbxNames
from site_agent.adapters.pbx_names import NAMES_MAX, NameBook, missing, unnamed_queues


def test_what_is_missing_is_told_with_the_nearest_name_and_the_remedy() -> None:
    near, far = missing("queue", ["sals", "xyz", "help"], {"sales", "help"}, "mend it")
    assert near.problem == "the PBX knows no queue sals (did you mean sales?): mend it"
    assert far == PbxName(
        name="queue xyz", problem="the PBX knows no queue xyz (has help, sales): mend it"
    )
    (nothing,) = missing("queue", ["a"], set(), "mend it")
    assert "(has none)" in nothing.problem


@pytest.mark.parametrize(
    ("others", "left"),
    [
        ((), "billing, old-1, old-2"),
        (("billing",), "old-1, old-2"),
        (("old*",), "billing"),
        (("old",), "billing, old-1, old-2"),
        (("old-*", "billing"), ""),
        (("*",), ""),
    ],
)
def test_queues_that_nobody_names_are_one_word(others: tuple[str, ...], left: str) -> None:
    found = unnamed_queues({"sales", "billing", "old-1", "old-2"}, ["sales"], others)
    assert len(found) == bool(left)
    assert all(f"({left})" in one.problem and "acd.other_queues" in one.problem for one in found)


def test_a_long_list_is_cut() -> None:
    (found,) = unnamed_queues([f"q{number:03}" for number in range(NAMES_MAX + 7)], [], ())
    assert "q019 and 7 more)" in found.problem


def test_a_book_tells_changes_alone_and_a_bounded_number() -> None:
    told: list[PbxNames] = []
    book = NameBook(told.append)
    book.listed("queues")
    assert told == []
    one = PbxName(name="queue a", problem="no a")
    book.listed("queues", one)
    book.listed("queues", one)
    assert [names.wrong for names in told] == [(one,)]
    for number in range(2 * NAMES_MAX):
        book.came_by(f"endpoint {number}", "strange")
        book.came_by(f"endpoint {number}", "strange, again")
    assert len(told) == NAMES_MAX and len(told[-1].wrong) == NAMES_MAX
    book.listed("queues")
    assert one not in told[-1].wrong and len(told[-1].wrong) == NAMES_MAX
