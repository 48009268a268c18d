"""`nirc-sim faults`: looks for faults that break an invariant, and makes what it finds small.

Rule of this file: it turns words into calls and prints; exit 0 all holds, 1 an invariant is broken,
2 a mistake, 3 interrupted. Cases and their runs stand in `simulator.world`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from simulator.commands.exit_codes import ANSWER_NO, OK, STOPPED
from simulator.commands.options import ANSWER, CHANCE, WORK, Json

if TYPE_CHECKING:
    from simulator.studies.jobs import Told
    from simulator.world.fault_search import Tried

SHOWN_MAX = 10
FILE = "fault-case-{seed}.json"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(faults)


def faults(  # noqa: PLR0917 - options of a command
    seeds: Annotated[
        int, typer.Option(min=1, max=10_000_000, help="How many seeds.", rich_help_panel=CHANCE)
    ] = 20,
    first_seed: Annotated[
        int, typer.Option(min=0, help="The first of them.", rich_help_panel=CHANCE)
    ] = 1,
    for_s: Annotated[
        float,
        typer.Option(
            min=1.0, max=86_400.0, help="Simulated seconds a seed.", rich_help_panel=CHANCE
        ),
    ] = 30.0,
    processes: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=256,
            help="Processes at once; as many as there are processors unless told.",
            rich_help_panel=WORK,
        ),
    ] = None,
    replay: Annotated[
        Path | None,
        typer.Option(help="Run the case of this file again instead.", rich_help_panel=WORK),
    ] = None,
    save: Annotated[
        Path,
        typer.Option(help="Folder for small cases that fail.", rich_help_panel=ANSWER),
    ] = Path(),
    append: Annotated[
        Path | None,
        typer.Option(help="Append a line with the outcome.", rich_help_panel=ANSWER),
    ] = None,
    as_json: Json = False,
) -> None:
    """Search for faults that break an invariant, with the real router and site agents.

    Each seed draws a network, policies, rules, callers and a schedule of faults. One that fails is
    made small and saved as a file that `--replay` runs again.
    """
    from simulator.commands.written_files import check_place, kept

    if append is not None:
        check_place(append, "--append")
    if replay is not None:
        answer = _replayed(replay)
    else:
        _check_folder(save)
        answer = _searched(range(first_seed, first_seed + seeds), for_s, processes, save)
    _show(answer, as_json)
    code = OK
    if append is not None:
        code = kept(lambda: _append(append, answer), f"outcome appended to {append}")
    if answer.get("interrupted"):
        told = f"interrupted; what is told is of {answer['seeds']} of {seeds} seeds"
        sys.stderr.write(f"nirc-sim: {told}, and cases that fail are not made small\n")
        code = STOPPED
    raise typer.Exit(ANSWER_NO if answer["broken"] else code)


def job(seed_and_for_s: tuple[int, float], told: Told) -> Tried:
    """One seed; what a process is handed."""
    from simulator.world.fault_search import tried_seed

    return tried_seed(*seed_and_for_s)


def _searched(seeds: range, for_s: float, processes: int | None, save: Path) -> dict[str, Any]:
    from simulator.commands.working import working
    from simulator.studies.commit import commit
    from simulator.studies.jobs import raised

    with working(f"{len(seeds)} seeds", processes, "") as work:
        mapped = work.crew.map(job, [(seed, for_s) for seed in seeds], work.progress)
        if mapped.problem is not None:
            raise raised(mapped.problem)
        failed = [one for one in mapped.finished if not one.good]
        interrupted, broken = mapped.interrupted, []
        for one in failed[:SHOWN_MAX]:
            work.progress.begin(f"making seed {one.seed} small")
            found: dict[str, Any] = {"seed": one.seed, "problems": list(one.problems[:SHOWN_MAX])}
            try:
                if not interrupted:
                    found |= _made_small(one, for_s, save, work.progress)
            except KeyboardInterrupt:
                interrupted = True
            broken.append(found)
    return {
        "commit": commit(),
        "first_seed": seeds.start,
        "seeds": len(mapped.finished),
        "for_s": for_s,
        "good": len(mapped.finished) - len(failed),
        "interrupted": interrupted,
        **_sums(mapped.finished),
        "failed_seeds": [one.seed for one in failed],
        "broken": broken,
    }


def _sums(done: list[Tried]) -> dict[str, int]:
    names = ("calls", "answered", "arrived", "refused", "decisions", "events", "faults")
    return {name: sum(getattr(one, name) for one in done) for name in names}


def _made_small(failed: Tried, for_s: float, save: Path, told: Told) -> dict[str, Any]:
    from simulator.commands.written_files import write_whole
    from simulator.studies.commit import commit
    from simulator.world.drawn_case import drawn_case
    from simulator.world.fault_case import file_text
    from simulator.world.fault_search import tried
    from simulator.world.shrinking import Shrinker

    shrinker = Shrinker(drawn_case(failed.seed, for_s), failed, tried, told=told)
    case = shrinker.shrink()
    path = save / FILE.format(seed=failed.seed)
    text = file_text(case, shrinker.last.problems, commit())
    try:
        save.mkdir(parents=True, exist_ok=True)
        write_whole(path, text)
    except OSError as error:
        sys.stderr.write(f"nirc-sim: {path}: cannot be written: {error.strerror}; it would say:\n")
        sys.stderr.write(f"{text}\n")
    return {
        "file": str(path),
        "small": {
            "problems": list(shrinker.last.problems[:SHOWN_MAX]),
            "for_s": case.for_s,
            "sites": len(case.sites),
            "nodes": case.nodes,
            "faults": len(case.faults),
            "calls": shrinker.last.calls,
            "runs": shrinker.runs_count,
        },
    }


def _replayed(path: Path) -> dict[str, Any]:
    from simulator.errors import StudyError
    from simulator.studies.commit import commit
    from simulator.world.fault_case import read_case
    from simulator.world.fault_search import tried

    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise StudyError(
            f"{path}: is no text", "give a file that `nirc-sim faults --save` has written"
        ) from error
    case = read_case(text, str(path))
    done = tried(case)
    broken = []
    if not done.good:
        broken = [{"seed": case.seed, "problems": list(done.problems), "file": str(path)}]
    return {
        "commit": commit(),
        "first_seed": case.seed,
        "seeds": 1,
        "for_s": case.for_s,
        "good": int(done.good),
        **_sums([done]),
        "failed_seeds": [] if done.good else [case.seed],
        "broken": broken,
    }


def _check_folder(folder: Path) -> None:
    """Files can be written there, or it can be made. Raises StudyError."""
    from simulator.commands.written_files import check_place
    from simulator.errors import StudyError

    there = folder
    while not there.exists() and there != there.parent:
        there = there.parent
    if not there.is_dir():
        raise StudyError(f"--save {folder}: {there} is no folder", "name a folder")
    check_place(there / FILE, "--save")


def _append(path: Path, answer: dict[str, Any]) -> None:
    line = {key: value for key, value in answer.items() if key != "broken"}
    line["problems"] = [one["problems"][:1] for one in answer["broken"]]
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


def _show(answer: dict[str, Any], as_json: bool) -> None:
    if as_json:
        from simulator.commands.console import put_json

        put_json(answer)
        return
    typer.echo(
        f"{answer['seeds']} seeds from {answer['first_seed']} at {answer['commit']}: "
        f"{answer['good']} of "
        f"{answer['seeds']} good; {answer['calls']} calls, {answer['arrived']} moved, "
        f"{answer['refused']} reservations refused, {answer['faults']} faults"
    )
    for one in answer["broken"]:
        typer.echo(f"BROKEN seed {one['seed']} at {answer['commit']}:")
        for problem in one["problems"][:SHOWN_MAX]:
            typer.echo(f"  {problem}")
        small = one.get("small")
        if small:
            typer.echo(
                f"  still fails with {small['faults']} faults, {small['calls']} calls, "
                f"{small['sites']} sites, {small['nodes']} nodes, {small['for_s']:g} s; again by:"
            )
            typer.echo(f"  nirc-sim faults --replay {one['file']}")
