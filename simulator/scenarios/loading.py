"""From a file, or the name of a ready scenario, to a typed and checked `Scenario`.

Rule of this file: a scenario is whole or refused, with every mistake told at its line. What it
names in other files is looked at here too, so that a run does not end in the middle.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from routing_policies.errors import DocumentError, Fault, nearest
from routing_policies.loading import load_typed, located, text_of
from simulator.scenarios.checks import check_faults
from simulator.scenarios.files_named import file_faults
from simulator.scenarios.kind import KINDS, ScenarioDoc
from simulator.scenarios.references import reference_faults

ENDING = ".yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A scenario that can be run. It can be pickled."""

    name: str
    doc: ScenarioDoc
    folder: Path
    "Files that the scenario names are found from here."
    seed: int
    source: str
    "Its file, as people are told of it."
    text: str
    "As it was written."


def load_scenario(name_or_path: str | Path) -> Scenario:
    """A scenario by its file, or by the name of a ready one. Raises DocumentError."""
    path = Path(name_or_path)
    if str(name_or_path) in ready_scenarios():
        path = _ready_folder() / f"{name_or_path}{ENDING}"
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DocumentError(_unread(str(name_or_path), error)) from error
    return scenario_of(text_of(data, source=str(path)), source=str(path), folder=path.parent)


def scenario_of(text: str, *, source: str, folder: Path) -> Scenario:
    """A scenario by its text. Raises DocumentError with every fault."""
    doc, read = load_typed(text, source=source, kinds=KINDS)
    faults = [*reference_faults(doc.spec, source), *check_faults(doc.spec, source)]
    if not faults:
        faults = file_faults(doc.spec, folder, source)
    if faults:
        raise DocumentError(*(located(fault, read) for fault in faults))
    return Scenario(
        name=doc.name, doc=doc, folder=folder, seed=doc.spec.seed, source=source, text=text
    )


def ready_scenarios() -> tuple[str, ...]:
    """Names of the scenarios that come with the program."""
    return tuple(sorted(path.stem for path in _ready_folder().glob(f"*{ENDING}")))


def _ready_folder() -> Path:
    return Path(str(files("simulator.scenarios.ready")))


def _unread(name: str, error: OSError) -> Fault:
    near = nearest(name, ready_scenarios())
    if near:
        remedy = f"did you mean the ready scenario {near}?"
    else:
        remedy = "give a file, or a ready scenario: " + ", ".join(ready_scenarios())
    problem = "is not there" if isinstance(error, FileNotFoundError) else "cannot be read"
    return Fault(source=name, line=0, place="", problem=problem, remedy=remedy)
