"""`nrcli report`: figures of days and intervals from records, and whether they add up.

Rule of this file: what is asked, and where the answer goes; figures are worked out in
`nrcli.reports`, which knows no file.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

import typer

from nrcli.commands.exit_codes import REFUSED, USAGE
from nrcli.commands.node_access import access_of, failed
from nrcli.commands.report_files import Records
from nrcli.commands.report_settings import columns_named, csv_file, documented, with_documents
from nrcli.commands.report_text import (
    SHOWN,
    difference_parts,
    finding_parts,
    report_parts,
    told,
    written,
)
from nrcli.commands.tables import show
from nrcli.errors import RecordsError, SettingsError
from nrcli.reports.agent_time import Shift
from nrcli.reports.balance import BalanceRules, Finding, out_of_balance
from nrcli.reports.calls import CallRules, View
from nrcli.reports.csv_text import report_csv
from nrcli.reports.facts import Facts
from nrcli.reports.figure_table import figures_of
from nrcli.reports.html_page import report_page
from nrcli.reports.imports import shifts_in, tariffs_in, their_report
from nrcli.reports.periods import US, Every, Periods, instant_of, periods
from nrcli.reports.places import By
from nrcli.reports.reconciliation import reconciled
from nrcli.reports.repeat_calls import DAY_US, RepeatRules
from nrcli.reports.report import Question, counted, report

app = typer.Typer(
    no_args_is_help=True, help="Figures of days and intervals, from records (docs/kpis.md)."
)
AS_DATE = "Its midnight, or 2026-11-23T08:00."
RecordsFolder = Annotated[
    Path, typer.Option(envvar="NRCLI_RECORDS", help="Folder of files of records.")
]
From = Annotated[str, typer.Option("--from", help=f"First day, such as 2026-11-23. {AS_DATE}")]
To = Annotated[
    str, typer.Option(help="Last day, the whole of it, or an end; none: that of --from.")
]
TimeZone = Annotated[str, typer.Option(help="By whose clock days begin.")]
ByOption = Annotated[By, typer.Option(help="What the rows are.")]
ViewOption = Annotated[View, typer.Option(help="Where and when an end counts.")]
Csv = Annotated[Path | None, typer.Option(help="Write every figure as CSV; `-`: to the screen.")]
Html = Annotated[Path | None, typer.Option(help="Write a page that can be printed.")]
Shown = Annotated[str, typer.Option("--figures", help="Of these, by name, comma between.")]
Documents = Annotated[
    list[Path] | None,
    typer.Option(help="The network's documents: tenants, thresholds, tariffs of paths."),
]
Schedule = Annotated[
    Path | None, typer.Option(help="CSV with agent,from,to,what (work | away): for adherence.")
]
Tariffs = Annotated[Path | None, typer.Option(help="CSV with path,cost: instead of documents'.")]
ShortAbandon = Annotated[
    float, typer.Option(min=0, max=600, help="Seconds: who gives up sooner is told apart.")
]
RepeatDays = Annotated[
    int, typer.Option(min=1, max=90, help="Days within which a further call is a repeat.")
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The command line of a report."""

    records: Path
    begin: str
    to: str = ""
    every: Every = Every.DAY
    time_zone: str = "UTC"
    by: By = By.SITE
    view: View = View.DECIDED
    csv: Path | None = None
    html: Path | None = None
    figures: str = ""
    documents: list[Path] | None = None
    schedule: Path | None = None
    tariffs: Path | None = None
    short_abandon_s: float = 5.0
    repeat_days: int = 7

    def periods(self) -> Periods:
        """Raises SettingsError."""
        until = self.to or self.begin
        return periods(
            instant_of(self.begin, self.time_zone),
            instant_of(until, self.time_zone, whole_day=True),
            self.every,
            self.time_zone,
        )


@app.command()
def daily(
    context: typer.Context,
    *,
    records: RecordsFolder,
    begin: From,
    to: To = "",
    time_zone: TimeZone = "UTC",
    by: ByOption = By.SITE,
    view: ViewOption = View.DECIDED,
    csv: Csv = None,
    html: Html = None,
    figures: Shown = "",
    documents: Documents = None,
    schedule: Schedule = None,
    tariffs: Tariffs = None,
    short_abandon_s: ShortAbandon = 5.0,
    repeat_days: RepeatDays = 7,
) -> None:
    """A row for each place and day, and the total of each place."""
    asked = _asked(locals())
    with mistakes_told():
        _show(context, asked)


@app.command()
def interval(
    context: typer.Context,
    *,
    records: RecordsFolder,
    begin: From,
    to: To = "",
    every: Annotated[Every, typer.Option(help="Length; `whole` is all of it at once.")] = (
        Every.QUARTER
    ),
    time_zone: TimeZone = "UTC",
    by: ByOption = By.SITE,
    view: ViewOption = View.DECIDED,
    csv: Csv = None,
    html: Html = None,
    figures: Shown = "",
    documents: Documents = None,
    schedule: Schedule = None,
    tariffs: Tariffs = None,
    short_abandon_s: ShortAbandon = 5.0,
    repeat_days: RepeatDays = 7,
) -> None:
    """A row for each place and quarter of an hour, hour, or the whole time."""
    asked = _asked(locals())
    with mistakes_told():
        _show(context, asked)


def _asked(options: dict[str, Any]) -> Asked:
    """The options of a command, which are named as the fields are."""
    return Asked(**{name: value for name, value in options.items() if name != "context"})


@app.command()
def balance(
    context: typer.Context,
    *,
    records: RecordsFolder,
    begin: From,
    to: To = "",
    time_zone: TimeZone = "UTC",
) -> None:
    """Name the calls that records do not account for. Ends with 1 where there are some."""
    asked = Asked(records=records, begin=begin, to=to, time_zone=time_zone)
    with mistakes_told():
        _, found = read(asked)
    if access_of(context).as_json:
        _put({"findings": [_finding(one) for one in found]})
    else:
        show(*finding_parts(found, time_zone))
    if found:
        raise typer.Exit(REFUSED)


@app.command()
def reconcile(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="The ACD's own report, as CSV.")],
    *,
    site: Annotated[str, typer.Option(help="Whose ACD it is.")],
    records: RecordsFolder,
    begin: From,
    to: To = "",
    every: Annotated[Every, typer.Option(help="Length of an interval of theirs.")] = Every.DAY,
    time_zone: TimeZone = "UTC",
    columns: Annotated[
        str, typer.Option(help="Their names of columns: interval=Time,queue=Skill,offered=Calls.")
    ] = "interval=interval,queue=queue,offered=offered,answered=answered,abandoned=abandoned",
) -> None:
    """Compare with the ACD's own report, and explain what differs. Ends with 1 where something is
    left unexplained."""
    asked = Asked(
        records=records, begin=begin, to=to, every=every, time_zone=time_zone, by=By.QUEUE
    )
    with mistakes_told():
        theirs = their_report(csv_file(file), str(file), time_zone, columns_named(columns))
        facts, _ = read(asked)
        question = _question(asked, facts)
        decided = counted(facts, question)
        offered = counted(facts, replace(question, view=View.OFFERED))
    found = reconciled(decided, offered, site, theirs)
    if access_of(context).as_json:
        shown = ("line", "figure", "ours", "theirs", "causes", "unexplained")
        _put(
            {
                "differences": [
                    {"interval": question.periods.told(one.interval), "queue": one.place[-1]}
                    | {name: getattr(one, name) for name in shown}
                    for one in found
                ]
            }
        )
    else:
        show(*difference_parts(found, question.periods))
    if any(one.unexplained for one in found):
        raise typer.Exit(REFUSED)


@contextmanager
def mistakes_told() -> Iterator[None]:
    """A mistake of files or options ends the program with a plain line."""
    try:
        yield
    except (RecordsError, SettingsError) as error:
        raise failed(str(error), USAGE) from error


def read(asked: Asked) -> tuple[Facts, tuple[Finding, ...]]:
    """Facts of the time asked for, and what is out of balance in it. Raises SettingsError."""
    begin_us, until_us = (asked.periods().edges_us[at] for at in (0, -1))
    source = Records(asked.records)
    facts = source.facts(begin_us / US, until_us / US + asked.repeat_days * DAY_US / US)
    known_until_us = round(source.latest_s * US)
    found = out_of_balance(facts, BalanceRules(known_until_us=known_until_us))
    within = [one for one in found if begin_us <= one.at_us < until_us]
    return facts, (*source.findings(), *within)


def _question(asked: Asked, facts: Facts) -> Question:
    said = documented(asked.documents)
    tariffs = said.tariffs_micro
    if asked.tariffs is not None:
        tariffs = tariffs_in(csv_file(asked.tariffs), str(asked.tariffs))
    shifts: tuple[Shift, ...] = ()
    if asked.schedule is not None:
        shifts = shifts_in(csv_file(asked.schedule), str(asked.schedule), asked.time_zone)
    latest_us = max((one.decided_us for one in facts.stays), default=0)
    return Question(
        by=asked.by,
        periods=asked.periods(),
        view=asked.view,
        rules=CallRules(short_abandon_us=round(asked.short_abandon_s * US), tariffs_micro=tariffs),
        repeats=RepeatRules(within_us=asked.repeat_days * DAY_US, known_until_us=latest_us),
        shifts=shifts,
    )


def _show(context: typer.Context, asked: Asked) -> None:
    facts, findings = read(asked)
    facts = with_documents(facts, documented(asked.documents))
    found = report(facts, _question(asked, facts))
    names = _names(asked)
    if asked.csv is not None:
        written(asked.csv, report_csv(found))
    if asked.html is not None:
        written(asked.html, report_page(found, f"Report by {asked.by.value}", findings))
    if access_of(context).as_json:
        _put(told(found) | {"findings": [_finding(one) for one in findings]})
    elif asked.csv is None and asked.html is None:
        show(*report_parts(found, names))
        if findings:
            show("", *finding_parts(findings, asked.time_zone))


def _names(asked: Asked) -> tuple[str, ...]:
    if not asked.figures:
        return SHOWN
    names = tuple(name.strip() for name in asked.figures.split(","))
    there = [one.name for one in figures_of(asked.by)]
    for name in names:
        if name not in there:
            problem = f"there is no figure {name!r} by {asked.by.value}"
            raise SettingsError("--figures", problem, f"there are {', '.join(there)}")
    return names


def _finding(one: Finding) -> dict[str, Any]:
    return {
        "fault": one.fault.value,
        "site": one.site,
        "interaction_id": one.interaction_id,
        "at_unix_s": one.at_us / US,
        "told": one.told,
        "cause": one.cause,
    }


def _put(answer: Any) -> None:
    sys.stdout.write(json.dumps(answer, indent=2, ensure_ascii=False) + "\n")
