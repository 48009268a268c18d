"""From what is asked to what is shown: the way that `run`, `compare`, `replay` and `plan` share.

Rule of this file: files that are to be written are tried before anything is run; an interrupted or
overloaded study shows what it has and ends with 3.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import typer

from simulator.commands.console import note, put_json, show
from simulator.commands.exit_codes import OK, STOPPED
from simulator.commands.study_json import study_object
from simulator.commands.study_shown import foot_parts, head_parts, run_parts
from simulator.commands.working import way_on, working
from simulator.commands.written_files import check_folder, check_place, kept
from simulator.errors import StudyError
from simulator.scenarios.lint import warnings
from simulator.studies.cases import Case
from simulator.studies.engines import checked_name
from simulator.studies.model_errors import with_model_errors
from simulator.studies.result import StudyResult
from simulator.studies.study import Asked, studied


def carried_out(
    asked: Asked,
    workers_count: int | None,
    scheduler: str,
    *,
    resume: Path | None = None,
    report: Path | None = None,
    export: Path | None = None,
) -> StudyResult:
    """Run a study with progress. Its report and its files are written by `ended`, when the answer
    is out. Raises what `studied` raises."""
    if asked.engine:
        checked_name(asked.engine)
    for path, option in ((report, "--report"), (asked.outcomes, "--outcomes")):
        if path is not None:
            check_place(path, option)
    if export is not None:
        check_folder(export, "--export")
    told = warned(asked.wanted[0].case)
    with working(asked.kind, workers_count, scheduler, resume) as work:
        result = studied(asked, work.crew, work.progress, work.progress.begin)
    result = replace(with_model_errors(result, asked.wanted[0].case), warnings=told)
    return replace(
        result,
        report=str(report or ""),
        export=str(export or ""),
        resume=str(resume or ""),
    )


def warned(case: Case) -> tuple[str, ...]:
    """Tell what a scenario's author may not have meant."""
    found = tuple(warnings(case.scenario))
    for one in found:
        note(f"warning: {one}")
    return found


def answered(result: StudyResult, as_json: bool) -> typer.Exit:
    """Show a study of one variant; raise what this returns."""
    if as_json:
        put_json(study_object(result))
    else:
        show(*head_parts(result))
        for variant in result.variants:
            show(*run_parts(result, variant))
        show(*foot_parts(result))
    return ended(result)


def ended(result: StudyResult) -> typer.Exit:
    """Write the report, tell how a study ended; raise what this returns."""
    code = OK
    if result.report:
        path = Path(result.report)
        code = kept(lambda: write_report(path, result), f"report written to {path}")
    if result.export:
        folder = Path(result.export)
        told = f"pictures and tables written to {folder}"
        code = max(code, kept(lambda: write_export(folder, result), told))
    for variant in result.variants:
        if variant.overloaded:
            done = len(variant.measures)
            note(
                f"nirc-sim: {variant.name + ': ' if variant.name else ''}{variant.overloaded}; "
                f"{len(variant.runs) - done} of {len(variant.runs)} replications ended there and "
                "are not in the figures"
            )
            code = STOPPED
    if result.interrupted:
        counts = ", ".join(f"{len(v.runs)} of {v.asked_count}" for v in result.variants)
        way = way_on(Path(result.resume) if result.resume else None)
        note(
            f"nirc-sim: {result.stopped or 'interrupted'}; what is told is of the finished "
            f"replications ({counts}); {way}"
        )
        code = STOPPED
    for variant in result.variants:
        for problem in variant.problems:
            note(f"nirc-sim: broken invariant: {problem}")
            code = code or 1
    return typer.Exit(code)


def write_report(path: Path, result: StudyResult) -> None:
    """One HTML file. Raises StudyError where reports are not installed."""
    _writing(f"--report {path}").write_report(result, path)


def write_export(folder: Path, result: StudyResult) -> None:
    """Pictures and tables as files of their own. Raises StudyError."""
    _writing(f"--export {folder}").export(result, folder)


def _writing(option: str) -> Any:
    import importlib

    try:
        return importlib.import_module("simulator.report.writing")
    except ImportError as error:
        raise StudyError(
            f"{option}: reports cannot be made: {error}", "pip install '.[simulator]' in a clone"
        ) from error
