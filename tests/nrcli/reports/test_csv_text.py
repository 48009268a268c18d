import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_facts import quarters, stay

from nrcli.errors import SettingsError
from nrcli.reports import csv_text as module
from nrcli.reports.csv_text import FORMULA_BEGINS, csv_rows, csv_text, report_csv
from nrcli.reports.facts import End, Facts
from nrcli.reports.places import By
from nrcli.reports.report import Question, report


@given(st.text())
def test_no_text_is_a_formula_and_none_leaves_its_cell(text: str) -> None:
    (_, cells) = csv.reader(io.StringIO(csv_text(["name", "n"], [[text, 1]]), newline=""))
    assert not cells[0].startswith(FORMULA_BEGINS)
    assert cells[0].removeprefix("'") == text.removeprefix("'")
    assert cells[1] == "1"


def test_numbers_stay_numbers() -> None:
    made = csv_text(["a", "b", "c", "d"], [[-1.5, 2.0, None, 1 / 3]])
    assert made.splitlines()[1] == "-1.5,2,,0.333333"


def test_a_report_has_rows_by_interval_and_then_totals() -> None:
    facts = Facts(stays=(stay(End.ANSWERED),))
    made = report_csv(report(facts, Question(by=By.QUEUE, periods=quarters(0.5))))
    rows = list(csv.DictReader(io.StringIO(made, newline="")))
    assert [row["interval"][11:16] for row in rows] == ["10:00", "10:15", ""]
    assert (rows[-1]["interval"], rows[-1]["queue"], rows[-1]["answered"]) == (
        "total",
        "sales",
        "1",
    )
    assert rows[1]["asa_s"] == ""


def test_a_file_of_a_spreadsheet_is_read() -> None:
    text = '\ufeffa, b\r\n1,2\r\n\r\n3,"x,y"\r\n'
    assert list(csv_rows(text, "x.csv", ("a", "b"))) == [
        (2, {"a": "1", "b": "2"}),
        (4, {"a": "3", "b": "x,y"}),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "x.csv:1: the heading lacks a"),
        ("b\n1\n", "x.csv:1: the heading lacks a: it has b"),
        ("a,b\n1,2,3\n", "x.csv:2: has 3 cells, the heading 2"),
        ('a\n"1\n', "x.csv:2"),
    ],
)
def test_what_is_wrong_is_refused_with_its_line(text: str, said: str) -> None:
    with pytest.raises(SettingsError) as raised:
        list(csv_rows(text, "x.csv", ("a",)))
    assert str(raised.value).startswith(said)


def test_a_file_without_an_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ROWS_MAX", 3)
    with pytest.raises(SettingsError, match="more than 3 lines"):
        list(csv_rows("a\n" + "1\n" * 4, "x.csv", ("a",)))
