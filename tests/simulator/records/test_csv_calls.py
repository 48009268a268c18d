"""Files of calls: good ones of several kinds, and every mistake with its line and remedy."""

import gzip
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from simulator.errors import CallsError
from simulator.records import csv_calls
from simulator.records.csv_calls import read_csv, read_text
from simulator.records.formats import mapping
from simulator.records.recorded import DAY_US, Ended

HEAD = "date,arrival_s,service,priority,wait_s,outcome,talk_s,agent\n"
GOOD = (
    HEAD + "2026-03-02,28800.5,sales,0,12.25,served,180,ana\n"
    "2026-03-02,28801,help,1,30,abandoned,,\n"
    "2026-03-03,5,sales,,0,served,60,rui\n"
)


def told(text: str, calls_format: str = "nirc") -> str:
    with pytest.raises(CallsError) as error:
        read_text(text, calls_format)
    return str(error.value)


def test_columns_are_read_with_their_units() -> None:
    calls = read_text(GOOD)
    assert calls.first_day == date(2026, 3, 2)
    assert calls.arrival_us.tolist() == [28_800_500_000, 28_801_000_000, DAY_US + 5_000_000]
    assert [calls.services[i] for i in calls.service] == ["sales", "help", "sales"]
    assert calls.wait_us.tolist() == [12_250_000, 30_000_000, 0]
    assert calls.outcome.tolist() == [Ended.SERVED, Ended.ABANDONED, Ended.SERVED]
    assert calls.talk_us.tolist() == [180_000_000, -1, 60_000_000]
    assert calls.agent.tolist() == [0, -1, 1]
    assert calls.priority.tolist() == [0, 1, 0]
    assert calls.site.tolist() == [-1, -1, -1]
    assert calls.days_count == 2


def test_a_bom_crlf_semicolons_and_gzip_are_taken(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv.gz"
    text = GOOD.replace(",", ";").replace("\n", "\r\n")
    path.write_bytes(gzip.compress(text.encode("utf-8-sig")))
    assert read_csv(path).arrival_us.tolist() == read_text(GOOD).arrival_us.tolist()


def test_a_mapping_reads_the_file_of_another_system() -> None:
    known = mapping(
        {
            "columns": {"arrival": "Start", "wait": "Ring ms", "outcome": "Result"},
            "units": {"wait": "ms"},
            "decimal": ",",
            "date": "DD.MM.YYYY",
            "arrival": "instant",
            "outcomes": {"A": "served", "X": "abandoned", "B": "busy"},
            "any_order": True,
        },
        "acd.yaml",
    )
    calls = read_text(
        "Start;Team;Ring ms;Result\n03.03.2026 00:00:01;x;1500,5;X\n02.03.2026 23:59:59;x;0;A\n",
        known,
    )
    assert calls.first_day == date(2026, 3, 2)
    assert calls.arrival_us.tolist() == [86_399_000_000, DAY_US + 1_000_000]
    assert calls.wait_us.tolist() == [0, 1_500_500]
    assert calls.outcome.tolist() == [Ended.SERVED, Ended.ABANDONED]


def test_loose_columns_go_by_their_aliases() -> None:
    calls = read_text("arrive_s,skill,service_s,extra\n3,sales,9,?\n4,sales,0,?\n", "csv")
    assert calls.talk_us.tolist() == [9_000_000, 0]
    assert calls.outcome.tolist() == [Ended.SERVED, Ended.OTHER]
    assert "calls with talk count as served" in calls.notes[0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "text:1: the file is empty; begin with column names"),
        ("\n1,2\n", "text:1: the first line is empty"),
        (HEAD, "text:2: the file has no calls"),
        ("wait_s\n3\n", "text:1: column `arrival_s` is missing"),
        ("arrival_s,waits\n1,2\n", "text:1: column `waits` is unknown; did you mean `wait_s`?"),
        ("arrival_s,arrival_s\n1,2\n", "column `arrival_s` stands twice"),
        ("arrival_s,wait_s\n1,-2\n", "text:2: column `wait_s`: '-2' is not between 0 and 604800"),
        ("arrival_s,wait_s\n1,2\n0.5,2\n", "text:3: column `arrival_s`: is earlier than on"),
        ("arrival_s,wait_s\n1,2\n2,long\n", "text:3: column `wait_s`: 'long' is not a number"),
        ("arrival_s;wait_s\n1;2\n2;1,5\n", 'say `decimal: ","` in a format of your own'),
        ("arrival_s\n08:15:00\n", "say `arrival: clock` in a format of your own"),
        ("arrival_s\nnan\n", "'nan' is not between"),
        ("arrival_s\n1e400\n", "'1e400' is not between"),
        ("arrival_s\n1_000\n", "'1_000' is not a number"),
        ("arrival_s,wait_s\n1,\n,3\n", "text:3: column `arrival_s`: is empty"),
        ("date,arrival_s\n2026-03-02,86400\n", "beside a date it is the time of day in seconds"),
        ("date,arrival_s\n2026-13-02,5\n", "text:2: column `date`: '2026-13-02' is no date"),
        ("date,arrival_s\n,5\n", "text:2: column `date`: is empty"),
        ("arrival_s,outcome\n1,anwsered\n", "does not know 'anwsered'; use one of: served,"),
        ("arrival_s,priority\n1,11\n", "'11' is not between 0 and 10"),
        ("arrival_s,priority\n1,0.5\n", "'0.5' is not whole"),
        ("arrival_s,wait_s\n1,2\n2\n", "text:3: 1 cells, the first line names 2 columns"),
        ("arrival_s,wait_s\n1,2\n\n2,3\n", "text:3: the line is empty; remove it"),
        ('arrival_s,site\n1,x\n2,\'y\n3,"y\nz"\n', "text:4: a cell goes over several lines"),
        ('arrival_s,site\n1,"x\n', "the line cannot be read"),
        ("arrival_s,site\n1," + "x" * 201 + "\n", "a name of 201 characters"),
        ("arrival_s,site\n1,x\n2," + "y" * 140_000 + "\n", "text:3: the line cannot be read"),
        ("arrival_s,outcome,talk_s\n1,abandoned,5\n", "text:2: column `talk_s`: talk, though"),
    ],
)
def test_a_mistake_is_told_with_line_column_and_remedy(text: str, said: str) -> None:
    assert said in told(text)


def test_empty_lines_at_the_end_are_nothing() -> None:
    assert len(read_text("arrival_s\n1\n2\n\n\n")) == 2


# Cut off in the middle of a letter: the text ends early, and so does the search for its line.
BROKEN_IN_A_LETTER = (
    b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"  # the head, then one stored block, not the last
    b"\x00\x0c\x00\xf3\xff" + b"arrival_s\n\xc3\x28" + b"\x00\x08"
)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("arrival_s,site\n1,Lisboa\n2,Évora\n".encode("latin-1"), ":3: byte 0xc9 is not UTF-8"),
        ("arrival_s\n1\n".encode("utf-16"), "is UTF-16; save it as CSV in UTF-8"),
        (b"PK\x03\x04rest", "is a spreadsheet or zip file"),
        (b"PAR1rest", "cannot be read: "),
        (gzip.compress(b"arrival_s\n1\n" * 9, mtime=0)[:20], "is not a whole gzip file"),
        (BROKEN_IN_A_LETTER, "is not a whole gzip file"),
        (b"", "the file is empty"),
    ],
)
def test_a_file_of_another_kind_is_told(tmp_path: Path, data: bytes, said: str) -> None:
    path = tmp_path / "calls.csv"
    path.write_bytes(data)
    with pytest.raises(CallsError) as error:
        read_csv(path)
    assert said in str(error.value)
    assert str(path) in error.value.place


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(CallsError, match="cannot be read: No such file"):
        read_csv(tmp_path / "none.csv")
    with pytest.raises(CallsError, match="cannot be read: Is a directory"):
        read_csv(tmp_path)


def test_lines_are_counted_through_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_calls, "CHUNK_LINES", 4)
    lines = ["arrival_s,wait_s", *(f"{i},1" for i in range(10))]
    assert np.array_equal(read_text("\n".join(lines)).arrival_us, np.arange(10) * 1_000_000)
    lines[8] = "7,x"
    assert told("\n".join(lines)).startswith("text:9: column `wait_s`")
    lines[8] = '7,"x'
    assert told("\n".join([*lines, '9,"9', '9,"9'])).startswith("text:")
    lines[8] = "6,1"
    lines[7] = "6.5,1"
    assert told("\n".join(lines)).startswith("text:9: column `arrival_s`: is earlier")
    lines[8] = ""
    assert told("\n".join(lines)) == "text:9: the line is empty; remove it"
    lines[8], lines[5] = "7,1", "4"
    assert told("\n".join(lines)).startswith("text:6: 1 cells")
