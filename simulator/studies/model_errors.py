"""What a backtest found out about a scenario's model, kept so that every forecast shows it.

Rule of this file: a small JSON file beside the scenario's file, or under the user's state folder
for a ready scenario; a file that cannot be read is as if it were not there. It holds for the
scenario as it was: after an edit of the file the errors are told with that remark.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, replace
from hashlib import blake2b
from pathlib import Path

from simulator.errors import StudyError
from simulator.scenarios.loading import ready_scenarios
from simulator.studies.cases import Case
from simulator.studies.result import ModelError, StudyResult

FORM = 1
ENDING = ".backtest.json"
BYTES_MAX = 1_000_000


def errors_file(case: Case) -> Path:
    """Where the errors of a scenario are kept."""
    path = Path(case.source)
    ready = path.stem in ready_scenarios() and path.parent.name == "ready"
    if not ready:
        return path.with_name(path.stem + ENDING)
    state = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(state) / "nirc-sim" / (path.stem + ENDING)


def keep(case: Case, errors: Sequence[ModelError]) -> Path:
    """Keep what a backtest found. Raises StudyError."""
    path = errors_file(case)
    told = {
        "form": FORM,
        "scenario": case.name,
        "file": _digest(case.source),
        "errors": [asdict(one) for one in errors],
    }
    under_way = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        under_way.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
        under_way.replace(path)
    except OSError as error:
        raise StudyError(
            f"{path}: the model's error cannot be kept: {error.strerror}",
            "give the folder back its rights, or copy the scenario elsewhere",
        ) from error
    return path


def kept(case: Case) -> tuple[ModelError, ...]:
    """What the last backtest of this scenario found; empty if there was none."""
    path = errors_file(case)
    try:
        if path.stat().st_size > BYTES_MAX:
            return ()
        told = json.loads(path.read_text(encoding="utf-8"))
        if told["form"] != FORM:
            return ()
        found = tuple(ModelError(**one) for one in told["errors"])
        same = told["file"] == _digest(case.source)
    except (OSError, ValueError, KeyError, TypeError):
        return ()
    if same:
        return found
    remark = " (the scenario was changed since)"
    return tuple(replace(one, measured_on=one.measured_on + remark) for one in found)


def with_model_errors(result: StudyResult, case: Case) -> StudyResult:
    """A result with the errors that are known of its scenario."""
    return replace(result, model_errors=kept(case))


def _digest(source: str) -> str:
    """Of the file as it is now."""
    try:
        return blake2b(Path(source).read_bytes(), digest_size=16).hexdigest()
    except OSError:
        return ""
