from pathlib import Path

import pytest
import typer
from report_facts import at, quarters, stay, whole

from nrcli.commands.report_text import (
    FINDINGS_MAX,
    NOTHING,
    difference_parts,
    finding_parts,
    report_parts,
    told,
    written,
)
from nrcli.reports.balance import Fault, Finding
from nrcli.reports.facts import End, Facts
from nrcli.reports.places import By
from nrcli.reports.reconciliation import Difference
from nrcli.reports.report import Question, report


def test_a_screen_shows_some_figures_and_a_file_all() -> None:
    found = report(Facts(stays=(stay(End.ANSWERED),)), Question(by=By.SITE, periods=quarters(0.5)))
    (shown,) = report_parts(found, ("offered", "asa_s"))
    assert [column.header for column in shown.columns] == [
        "site",
        "interval",
        "Offered",
        "Speed of answer",
    ]
    assert shown.row_count == 3
    answer = told(found)
    assert answer["totals"][0]["answered"] == 1
    assert set(answer["units"]) < set(answer["rows"][0])


def test_of_no_records_it_says_so() -> None:
    assert report_parts(report(Facts(), Question(by=By.SITE, periods=whole())), ()) == [NOTHING]


def test_calls_out_of_balance_are_named_up_to_a_number() -> None:
    assert finding_parts([], "UTC") == ["every call is accounted for"]
    one = Finding(fault=Fault.NO_END, site="lisbon", interaction_id="i", at_us=at(0), told="waits")
    parts = finding_parts([one] * (FINDINGS_MAX + 3), "UTC")
    assert parts[-1] == "and 3 more; --json has all"


def test_differences_are_summed_up_first() -> None:
    def difference(theirs: int, unexplained: int) -> Difference:
        return Difference(
            line=2, place=("lisbon", "sales"), interval=0, figure="offered", ours=5,
            theirs=theirs, causes=("x",), unexplained=unexplained,
        )  # fmt: skip

    parts = difference_parts([difference(5, 0), difference(6, 0), difference(9, 4)], whole())
    assert parts[0] == ("3 figures compared: 1 agree, 1 differ for a known cause, 1 unexplained")


def test_a_file_is_written_whole_or_not_at_all(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written(tmp_path / "x.csv", "a,b\r\n")
    assert (tmp_path / "x.csv").read_bytes() == b"a,b\r\n"
    written(Path("-"), "shown")
    assert capsys.readouterr().out == "shown"
    with pytest.raises(typer.Exit):
        written(tmp_path / "nowhere" / "x.csv", "a")
    assert [path.name for path in tmp_path.iterdir()] == ["x.csv"]
