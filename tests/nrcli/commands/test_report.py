"""`nrcli report` on files of records."""

import csv
import json
from pathlib import Path

import pytest
from recorded_legs import leg, write_all
from typer.testing import CliRunner

from nrcli.commands.main import app
from nrcli.commands.report import Asked
from nrcli.wire.history_messages import AgentStateRecord, LegOutcome
from nrcli.wire.words import AgentState

RUN = CliRunner()
EVIL = '=HYPERLINK("http://x")'
SCRIPT = "<script>alert(1)</script>"
DAY = ("--from", "2026-11-23", "--time-zone", "Europe/Lisbon")


@pytest.fixture
def records(tmp_path: Path) -> Path:
    legs = [
        *(leg(LegOutcome.ANSWERED, n, 10) for n in range(7)),
        leg(LegOutcome.ABANDONED, 20, 15),
        leg(LegOutcome.ANSWERED, 1000, 40, queue=EVIL, service=SCRIPT),
    ]
    busy = AgentStateRecord(
        site="lisbon", agent="anna", state=AgentState.BUSY,
        began_unix_s=legs[0].started_unix_s, lasted_s=60.0,
    )  # fmt: skip
    return write_all(tmp_path / "records", [*legs, busy])


def run(records: Path, command: str, *words: str):
    return RUN.invoke(app, ["report", command, "--records", str(records), *DAY, *words])


def test_a_day_in_one_row_for_each_site(records: Path) -> None:
    done = run(records, "daily", "--figures", "offered,answered_rate")
    assert done.exit_code == 0, done.output
    assert done.output.splitlines()[-1].split() == ["lisbon", "total", "9", "88.9", "%"]


def test_quarters_of_an_hour_for_programs(records: Path) -> None:
    words = ["--json", "report", "interval", "--records", str(records), *DAY, "--by", "queue"]
    answer = json.loads(RUN.invoke(app, words).output)
    rows = [row for row in answer["rows"] if row["offered"]]
    assert [(row["interval"][11:16], row["queue"], row["offered"]) for row in rows] == [
        ("10:00", "sales", 8),
        ("10:15", EVIL, 1),
    ]
    assert len(answer["rows"]) == 2 * 96
    assert answer["findings"] == []


def test_names_are_no_formulas_in_csv(records: Path, tmp_path: Path) -> None:
    done = run(records, "daily", "--by", "queue", "--csv", str(tmp_path / "x.csv"))
    assert done.exit_code == 0 and done.output == ""
    with (tmp_path / "x.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["queue"] for row in rows} == {"'" + EVIL, "sales"}
    assert run(records, "daily", "--csv", "-").output.startswith("site,interval,offered,")


def test_names_are_no_markup_in_html(records: Path, tmp_path: Path) -> None:
    page = tmp_path / "x.html"
    assert run(records, "daily", "--by", "service", "--html", str(page)).exit_code == 0
    text = page.read_text(encoding="utf-8")
    assert SCRIPT not in text
    assert "&lt;script&gt;" in text


def test_every_call_is_accounted_for(records: Path) -> None:
    done = run(records, "balance")
    assert (done.exit_code, done.output) == (0, "every call is accounted for\n")


def test_a_call_that_never_arrived_is_named(records: Path) -> None:
    out = leg(LegOutcome.MOVED_OUT, 300, 10, target_site="porto", left_token="t")
    late = leg(LegOutcome.ANSWERED, 3000, 10)
    write_all(records, [out, late])
    done = run(records, "balance")
    assert done.exit_code == 1
    assert "i-300" in done.output and "moved out to porto" in done.output
    assert "i-300" in run(records, "daily").output


def test_an_acds_own_report_is_explained(records: Path, tmp_path: Path) -> None:
    theirs = tmp_path / "acd.csv"
    write_all(records, [leg(LegOutcome.ABANDONED, 50, 2)])
    theirs.write_text("Day,Skill,Calls,Taken,Lost\n2026-11-23,sales,8,7,1\n2026-11-23,=x,1,1,0\n")
    words = ("--site", "lisbon", "--columns",
             "interval=Day,queue=Skill,offered=Calls,answered=Taken,abandoned=Lost")  # fmt: skip
    done = run(records, "reconcile", str(theirs), *words)
    assert "leaves short abandons out" in done.output
    assert done.exit_code == 1 and "unexplained: +1" in done.output
    theirs.write_text(theirs.read_text().replace("=x,1,1,0", "sales,8,7,1"))
    assert run(records, "reconcile", str(theirs), *words).exit_code == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--from", "soon"), "neither a date nor a time"),
        (("--to", "2026-11-22"), "not after --from"),
        (("--time-zone", "Lisbon"), "is not known"),
        (("--figures", "colour"), "there is no figure 'colour'"),
        (("--records", "/nowhere"), "is no folder"),
        (("--schedule", "/nowhere.csv"), "cannot be read"),
        (("--csv", "/nowhere/x.csv"), "cannot be written"),
        (("--by", "colour"), "Invalid value"),
        (("--short-abandon-s", "-1"), "Invalid value"),
    ],
)
def test_mistakes_are_told_in_a_line(records: Path, words: tuple[str, str], said: str) -> None:
    done = run(records, "daily", *words)
    assert done.exit_code == 2
    assert said in done.output
    assert "Traceback" not in done.output


def test_schedules_and_tariffs_are_read(records: Path, tmp_path: Path) -> None:
    schedule, tariffs = tmp_path / "s.csv", tmp_path / "t.csv"
    schedule.write_text("agent,from,to,what\nanna,2026-11-23T10:00,2026-11-23T10:02,work\n")
    tariffs.write_text("path,cost\nlisbon-porto,0.05\n")
    done = run(records, "daily", "--by", "agent", "--figures", "adherence",
               "--schedule", str(schedule), "--tariffs", str(tariffs))  # fmt: skip
    assert done.output.splitlines()[-1].rstrip().endswith("50.0 %")


def test_a_date_is_the_whole_of_its_day() -> None:
    asked = Asked(records=Path(), begin="2026-10-25", time_zone="Europe/Lisbon")
    edges = asked.periods().edges_us
    assert (edges[-1] - edges[0]) == 25 * 3600 * 1_000_000
