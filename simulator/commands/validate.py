"""`nirc-sim validate`: is the simulator right? Its engines against what is known exactly.

Rule of this file: it runs the study, shows and writes it; what is compared stands in
`simulator.validation`. Exit 1 if a row does not agree.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from simulator.commands.exit_codes import ANSWER_NO, OK

if TYPE_CHECKING:
    from simulator.validation.bank import BankMonth
    from simulator.validation.study import Study


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(validate)


def validate(
    quick: Annotated[
        bool, typer.Option("--quick", help="Fewer rows and calls: a look in between.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object for programs.")] = False,
    output: Annotated[
        Path | None, typer.Option("--output", help="Write the page (Markdown) there.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of all chance.")] = 1,
) -> None:
    """Runs the engines against exact values; 1 if one lies outside its interval."""
    from simulator.commands.progress import Progress
    from simulator.commands.written_files import check_place, kept, write_whole
    from simulator.compiled.engine import CompiledEngine
    from simulator.studies.commit import commit
    from simulator.validation.bank import bank_month
    from simulator.validation.document import page
    from simulator.validation.study import blocks, carry_out
    from simulator.world.engine import WorldEngine

    if output is not None:
        check_place(output, "--output")
    engine, version = CompiledEngine(), commit()
    with Progress("validate") as progress:
        work = blocks(engine, seed=seed, quick=quick, other=WorldEngine())
        study = carry_out(
            work, seed=seed, quick=quick, progress=lambda share, _next: progress(share)
        )
        bank = None
        if not quick:
            progress.begin("validate: the bank's month")
            bank = bank_month(engine, seed=seed, progress=progress)
    text = page(study, commit=version, bank=bank)
    _show(study, bank, version, as_json)
    code = OK
    if output is not None:
        code = kept(lambda: write_whole(output, text), f"written: {output}")
    raise typer.Exit(code if study.good else ANSWER_NO)


def _show(study: Study, bank: BankMonth | None, commit: str, as_json: bool) -> None:
    from simulator.commands.console import put_json, show, table
    from simulator.validation.document import NAMES, number, summary

    if as_json:
        put_json(_as_dict(study, bank, commit))
        return
    lines = [
        (group, str(count), str(wrong) if wrong else "")
        for group, count, wrong in summary(study.rows)
    ]
    show(table(("group", "rows", "do not agree"), lines))
    for judged in study.rows:
        if not judged.good:
            row = judged.row
            show(
                f"{row.group}, {row.what}, {NAMES.get(row.figure, row.figure)}: known "
                f"{number(row.known)}, found {number(row.found.value)}, interval "
                f"{number(judged.low)} to {number(judged.high)} (seed {row.seed})"
            )
    show("all rows agree" if study.good else "SOME ROWS DO NOT AGREE")


def _as_dict(study: Study, bank: BankMonth | None, commit: str) -> dict[str, Any]:
    rows = [
        {
            "group": judged.row.group,
            "system": judged.row.what,
            "figure": judged.row.figure,
            "kind": judged.row.kind.value,
            "known": judged.row.known,
            "source": judged.row.source,
            "found": judged.row.found.value,
            "low": judged.low,
            "high": judged.high,
            "good": judged.good,
            "calls": judged.row.calls_count,
            "seed": judged.row.seed,
        }
        for judged in study.rows
    ]
    found: dict[str, Any] = {
        "good": study.good,
        "commit": commit,
        "seed": study.seed,
        "quick": study.quick,
        "intervals": study.intervals_count,
        "rows": rows,
    }
    if bank is not None:
        found["bank"] = _bank(bank)
    return found


def _bank(bank: BankMonth) -> dict[str, Any]:
    halves = bank.halves
    found: dict[str, Any] = {
        row.figure: {"recorded": row.recorded, **row.simulated} for row in bank.rows
    }
    found["calibrated"] = {
        "after_s": halves.after_s,
        **{
            name: {
                row.figure: {"recorded": row.recorded, "before": row.before, "after": row.after}
                for row in rows
            }
            for name, rows in (("learnt", halves.learnt), ("tested", halves.tested))
        },
    }
    return found
