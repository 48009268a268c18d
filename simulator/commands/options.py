"""Options that several commands share, in one wording.

Rule of this file: types of parameters only, and what they become.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

SCENARIO_HELP = "A scenario's file, or a ready one's name (`nirc-sim scenarios` lists them)."
POLICY_HELP = (
    "A policy's file, `catalogue:NAME`, or `stay` (callers never move); the scenario's unless told."
)
CHANCE = "Chance and size"
WORK = "How it is carried out"
ANSWER = "The answer"

ScenarioName = Annotated[str, typer.Argument(metavar="SCENARIO", help=SCENARIO_HELP)]
Policy = Annotated[str, typer.Option("--policy", "-p", help=POLICY_HELP)]
RECORDS = "Recorded calls"
RecordsFormat = Annotated[
    str,
    typer.Option(
        "--format",
        metavar="nirc|csv|bank|FILE",
        help="How the file is written; FILE: a YAML file that names columns.",
        rich_help_panel=RECORDS,
    ),
]
IngressName = Annotated[
    str,
    typer.Option(
        "--ingress",
        help="Where the calls come in, if the scenario does not say.",
        rich_help_panel=RECORDS,
    ),
]
FirstDay = Annotated[
    str,
    typer.Option(
        "--from", metavar="DATE", help="First recorded day to take.", rich_help_panel=RECORDS
    ),
]
Days = Annotated[
    int, typer.Option(min=1, help="So many days, with --from.", rich_help_panel=RECORDS)
]
RecordsOption = Annotated[
    str,
    typer.Option(
        "--records",
        help="Recorded calls, a file or `bank`; the scenario's calls unless told.",
        rich_help_panel=RECORDS,
    ),
]
Json = Annotated[
    bool, typer.Option("--json", help="One JSON object for programs.", rich_help_panel=ANSWER)
]
Report = Annotated[
    Path | None,
    typer.Option("--report", help="Write one HTML file with plots.", rich_help_panel=ANSWER),
]
Export = Annotated[
    Path | None,
    typer.Option(
        "--export",
        metavar="FOLDER",
        help="Write every picture as PNG and every table as CSV.",
        rich_help_panel=ANSWER,
    ),
]
Csv = Annotated[
    Path | None, typer.Option("--csv", help="Write the table there.", rich_help_panel=ANSWER)
]
Seed = Annotated[
    int | None,
    typer.Option(
        min=0, help="Seed of all chance; the scenario's unless told.", rich_help_panel=CHANCE
    ),
]
Replications = Annotated[
    int | None,
    typer.Option(
        "--replications",
        "-n",
        min=1,
        max=10_000,
        help="How often, each time with other chances; the scenario's number unless told.",
        rich_help_panel=CHANCE,
    ),
]
Sets = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="PATH=VALUE",
        help="Change the scenario, such as sites.lisbon.agents.a.count=45, "
        "sites.*.agents.*.count=x1.1 or arrivals.factor=1.2. May be repeated.",
        rich_help_panel=CHANCE,
    ),
]
FigureNames = Annotated[
    list[str] | None,
    typer.Option(
        "--figure",
        "-f",
        help="A figure to tell, such as asa_s or trunk_blocking (docs/measures.md lists them). "
        "May be repeated.",
        rich_help_panel=ANSWER,
    ),
]
EngineName = Annotated[
    str,
    typer.Option(
        "--engine",
        metavar="auto|compiled|world",
        help="`compiled` is fast; `world` runs the real router and site agents, faults included.",
        rich_help_panel=WORK,
    ),
]
WorkersCount = Annotated[
    int | None,
    typer.Option(
        "--workers",
        min=1,
        max=256,
        help="Processes at once; as many as there are processors unless told.",
        rich_help_panel=WORK,
    ),
]
Resume = Annotated[
    Path | None,
    typer.Option(
        "--resume",
        metavar="FOLDER",
        help="Keep each finished replication there, and do not run again what is there already.",
        rich_help_panel=WORK,
    ),
]
Scheduler = Annotated[
    str,
    typer.Option(
        "--scheduler",
        metavar="ADDRESS",
        help="Work on a Dask cluster that exists, such as tcp://10.0.0.5:8786.",
        rich_help_panel=WORK,
    ),
]
