"""What a process is told to carry out: a scenario as text with its changes made, and policies.

Rule of this file: plain data that can be sent to a process or a cluster; a scenario is typed and
checked before anything is sent, and again where it arrives, once a process.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from routing_policies.errors import DocumentError
from simulator.errors import StudyError
from simulator.scenarios.loading import Scenario, load_scenario, scenario_of
from simulator.studies.overrides import change_of, changed
from simulator.studies.plain_data import plain, written

KEPT = 16
"Scenarios that a process keeps typed."


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A scenario as it is run."""

    name: str
    text: str
    source: str
    folder: str
    changes: tuple[str, ...] = ()
    "As they were asked for; `text` has them made."

    @property
    def scenario(self) -> Scenario:
        """It, typed. Raises DocumentError."""
        return _scenario(self)

    def with_changes(self, texts: Sequence[str]) -> Case:
        """The same with changes made. Raises StudyError and DocumentError."""
        if not texts:
            return self
        changes = [change_of(text) for text in texts]
        data = plain(self.text, self.source)
        made = written(changed(data, changes))
        new = replace(self, text=made, changes=(*self.changes, *texts))
        try:
            _ = new.scenario
        except DocumentError as error:
            asked = " ".join(f"--set {text}" for text in texts)
            name = f"{self.source} with {asked}"
            faults = [replace(fault, source=name, line=0, column=0) for fault in error.faults]
            raise DocumentError(*faults) from error
        return new

    def without_shrinkage(self) -> Case:
        """The same with everybody there who has a shift."""
        made = _nobody_away(plain(self.text, self.source))
        return replace(self, text=written(made))

    def with_seed(self, seed: int | None) -> Case:
        """The same with another seed, which is no change of the case."""
        if seed is None:
            return self
        return replace(self.with_changes([f"seed={seed}"]), changes=self.changes)


def _nobody_away(data: Any) -> Any:
    """A scenario's plain data without shrinkage."""
    for site in data["spec"]["sites"]:
        site.pop("shrinkage", None)
        for group in site.get("agents") or ():
            group.pop("shrinkage", None)
    return data


def case_of(name_or_path: str, changes: Sequence[str] = (), seed: int | None = None) -> Case:
    """The case that a command line names. Raises DocumentError and StudyError."""
    scenario = load_scenario(name_or_path)
    case = Case(
        name=scenario.name,
        text=scenario.text,
        source=scenario.source,
        folder=str(scenario.folder),
    )
    return case.with_changes(changes).with_seed(seed)


def policy_named(name: str) -> str:
    """A policy as a command line names it, checked as far as that goes without a scenario: a file
    as its whole path, so that a process elsewhere finds it. Raises StudyError."""
    if not name or name == "stay" or name.startswith("catalogue:"):
        return name
    path = Path(name)
    if not path.is_file():
        remedy = "name a policy's file, catalogue:NAME (docs/catalogue.md lists them), or stay"
        raise StudyError(f"--policy {name}: there is no such file", remedy)
    return str(path.resolve())


@lru_cache(maxsize=KEPT)
def _scenario(case: Case) -> Scenario:
    return scenario_of(case.text, source=case.source, folder=Path(case.folder))
