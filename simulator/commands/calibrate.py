"""`nirc-sim calibrate`: what a record of calls says of arrivals, talk and patience.

Rule of this file: it turns words into calls and shows; fits stand in `simulator.calibration`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from simulator.calibration.fitted import Calibration
    from simulator.records.recorded import RecordedCalls

NAME = "calls"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(calibrate)


def calibrate(
    file: Annotated[
        str, typer.Argument(help="CSV file of calls; `bank` is the sample month of a bank.")
    ],
    *,
    calls_format: Annotated[
        str, typer.Option("--format", help="nirc, csv, bank, or a YAML file that names columns.")
    ] = "nirc",
    name: Annotated[
        str, typer.Option("--name", help="Name of the ingress and service that are written.")
    ] = NAME,
    skill: Annotated[
        list[str] | None, typer.Option("--skill", help="Only calls of this service; repeat it.")
    ] = None,
    interval_s: Annotated[
        float, typer.Option("--interval", help="Seconds of an interval of the profiles.")
    ] = 1800.0,
    keep_bursts: Annotated[
        bool, typer.Option("--keep-bursts", help="Fit stretches that look like outages too.")
    ] = False,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write the part of a scenario here.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Fit arrivals, talk and patience, and write them as part of a scenario.

    Patience is fitted from waits that an answer cut short (Kaplan and Meier); what does not fit is
    said plainly.

    nirc-sim calibrate bank --output bank-part.yaml
    """
    from simulator.calibration.fitted import calibrated
    from simulator.calibration.scenario_part import part_text, scenario_part
    from simulator.calibration.words import numbers
    from simulator.commands.console import put_json
    from simulator.commands.written_files import check_place, kept, write_whole

    _checked(name, interval_s)
    if output is not None:
        check_place(output, "--output")
    calls = _read(file, calls_format)
    if skill:
        calls = calls.of_services(skill, file)
    found = calibrated(calls, interval_s=interval_s, keep_bursts=keep_bursts)
    text = part_text(found, name)
    if as_json:
        put_json(numbers(found) | {"part": scenario_part(found, name)})
    else:
        _show(found, "" if output is not None else text)
    if output is not None:
        raise typer.Exit(kept(lambda: write_whole(output, text), f"wrote {output}"))


def _checked(name: str, interval_s: float) -> None:
    from routing_policies.shapes import NAME_IN_WORDS, is_name
    from simulator.calibration.fitted import INTERVAL_S_MAX, INTERVAL_S_MIN
    from simulator.errors import StudyError

    if not is_name(name):
        raise StudyError(f"--name {name!r} is no name", f"give {NAME_IN_WORDS}")
    whole = INTERVAL_S_MAX / interval_s if interval_s > 0 else 0.5
    if not INTERVAL_S_MIN <= interval_s <= INTERVAL_S_MAX or whole != int(whole):
        raise StudyError(
            f"--interval {interval_s:g} does not divide a day",
            f"give {INTERVAL_S_MIN:.0f} to {INTERVAL_S_MAX:.0f} seconds, such as 900 or 1800",
        )


def _read(file: str, calls_format: str) -> RecordedCalls:
    from simulator.errors import StudyError
    from simulator.records.bank import BANK_NAME, bank_calls
    from simulator.records.csv_calls import read_csv

    if file == BANK_NAME and not Path(file).exists():
        if calls_format not in ("nirc", BANK_NAME):
            raise StudyError(
                f"--format {calls_format} with `bank`, which has its own", "leave --format out"
            )
        return bank_calls()
    return read_csv(file, calls_format)


def _show(found: Calibration, text: str) -> None:
    from simulator.calibration.words import rows, told
    from simulator.commands.console import plain, show, table

    show(plain(found.source))
    show(table(("what", "found", "interval, or for forms what they are"), rows(found)))
    show("")
    for line in told(found):
        show(plain(f"- {line}"))
    if text:
        show("")
        show(plain(text))
