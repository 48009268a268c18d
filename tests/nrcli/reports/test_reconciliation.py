import pytest
from report_facts import TEN, moved, quarters, stay

from nrcli.reports.calls import View
from nrcli.reports.facts import End, Facts
from nrcli.reports.imports import TheirRow
from nrcli.reports.places import By
from nrcli.reports.reconciliation import CAUSES, COMPARED, Difference, explanation, reconciled
from nrcli.reports.report import Question, counted
from nrcli.reports.tally import COLUMNS

FACTS = Facts(
    stays=(
        *(stay(End.ANSWERED, s, 5) for s in (1, 2, 3)),
        stay(End.ANSWERED, 890, 20),
        stay(End.ABANDONED, 10, 60),
        stay(End.ABANDONED, 10, 2),
        *moved(20, 30, End.ANSWERED, 40),
        *moved(25, 30, End.ANSWERED, 40),
    )
)


def compared(**theirs: int) -> list[Difference]:
    tables = [
        counted(FACTS, Question(by=By.QUEUE, periods=quarters(0.5), view=view))
        for view in (View.DECIDED, View.OFFERED)
    ]
    row = TheirRow(line=2, queue="sales", begin_us=TEN, counts=theirs)
    return [one for one in reconciled(*tables, "lisbon", [row]) if one.line]


def test_what_agrees_needs_no_words() -> None:
    found = compared(offered=8, answered=3, abandoned=2)
    assert [one.told for one in found] == ["agrees"] * 3


@pytest.mark.parametrize(
    ("figure", "theirs", "said"),
    [
        ("abandoned", 1, "their report leaves short abandons out (1)"),
        ("abandoned", 4, "their report counts calls that left for another site (2)"),
        ("answered", 4, "their report counts by offered interval (+1)"),
        ("offered", 7, "their report leaves short abandons out (1)"),
        ("offered", 5, "their report leaves short abandons out (1); "
         "their report does not count calls that left for another site (2)"),
    ],
)  # fmt: skip
def test_known_causes_explain_differences(figure: str, theirs: int, said: str) -> None:
    (found,) = compared(**{figure: theirs})
    assert (found.unexplained, found.told) == (0, said)


def test_what_no_cause_makes_up_is_told_with_its_size() -> None:
    (found,) = compared(offered=100)
    assert (found.unexplained, found.told) == (92, "unexplained: +92")


def test_a_queue_of_which_they_have_no_line_is_named() -> None:
    table = counted(FACTS, Question(by=By.QUEUE, periods=quarters(0.5)))
    found = reconciled(table, table, "lisbon", [])
    assert [(one.line, one.interval, one.told) for one in found] == [
        (0, 0, "their report has no line for it")
    ]


def test_lines_of_other_times_are_left_alone() -> None:
    table = counted(FACTS, Question(by=By.QUEUE, periods=quarters(0.5)))
    row = TheirRow(line=9, queue="sales", begin_us=TEN - 1, counts={"offered": 3})
    assert [one.line for one in reconciled(table, table, "lisbon", [row])] == [0]


def test_every_cause_is_something_we_count() -> None:
    assert set(CAUSES) == set(COMPARED)
    assert {cause.name for causes in CAUSES.values() for cause in causes} <= set(COLUMNS)


def test_the_fewest_causes_are_taken() -> None:
    assert explanation(0, [(1, "a")]) == ()
    assert explanation(2, [(1, "a"), (1, "b"), (2, "c")]) == ("c",)
    assert explanation(9, [(1, "a"), (1, "b")]) is None
