"""A scenario whose callers are those of a record.

Rule of this file: arrivals that come from records already take the new record, with their own
choice of skills and ingresses; in a scenario without such arrivals calls come to the ingresses that
the record names, or all to one. Nothing else of the scenario is changed, but the days that are
simulated.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from routing_policies.errors import nearest
from simulator.errors import StudyError
from simulator.sampling.record_source import ingresses_recorded
from simulator.scenarios.arrivals import Records
from simulator.scenarios.loading import scenario_of
from simulator.studies.cases import Case
from simulator.studies.plain_data import plain, written

BANK = "bank"
FORMATS = ("nirc", "csv", "bank")
DAYS_MAX = 400
KEPT = ("skills", "ingresses", "talk")
"What an arrival keeps when it takes another record."


@dataclass(frozen=True, slots=True)
class Recording:
    """Which record, and which part of it."""

    records: str
    "A file, or `bank`; empty: those of the scenario."
    format: str = ""
    "Empty: told by the file's ending."
    ingress: str = ""
    first_day: str = ""
    "A date of the record; empty: its first."
    days_count: int = 1
    "Days from `first_day` on; only with it."


def with_recording(case: Case, recording: Recording) -> Case:
    """The case with callers of a record; itself if none is named. Raises StudyError and
    DocumentError."""
    if not (recording.records or recording.first_day):
        return case
    data = plain(case.text, case.source)
    spec = data["spec"]
    source = _source(recording) if recording.records else {}
    recorded = [one for one in spec["arrivals"] if "records" in one]
    if not recorded:
        recorded = _arrivals(spec, recording, source)
    elif recording.ingress:
        raise StudyError(
            "--ingress is for scenarios whose calls do not come from records; this one says itself "
            "which calls come where",
            "leave --ingress out",
        )
    for arrival in recorded:
        old = arrival["records"]
        kept = {key: old[key] for key in KEPT if key in old} if source else old
        arrival["records"] = kept | source
    spec["arrivals"] = recorded
    if recording.first_day:
        days = _days(recording)
        for arrival in recorded:
            arrival["records"]["dates"] = days
        spec["start"] = f"{days[0]}T00:00:00"
        spec["duration_s"] = 86_400 * len(days)
    text = written(data)
    made = Case(
        name=case.name,
        text=text,
        source=case.source,
        folder=case.folder,
        changes=case.changes,
    )
    scenario_of(text, source=f"{case.source} with the records", folder=Path(case.folder))
    return made


def _source(recording: Recording) -> dict[str, str]:
    if recording.records == BANK:
        if recording.format not in ("", BANK):
            raise StudyError(
                f"--format {recording.format} with `bank`, which has its own", "leave --format out"
            )
        return {"format": BANK}
    path = Path(recording.records)
    if not path.is_file():
        raise StudyError(
            f"{recording.records}: there is no such file of records",
            "name a CSV or Parquet file, or `bank` for the sample month",
        )
    known = recording.format or "nirc"
    if known.endswith((".yaml", ".yml")) and Path(known).is_file():
        known = str(Path(known).resolve())
    elif known not in FORMATS:
        remedy = f"one of {', '.join(FORMATS)}, or a YAML file that says which column is what"
        raise StudyError(f"--format {known}: no such format", remedy)
    return {"file": str(path.resolve()), "format": known}


def _arrivals(
    spec: dict[str, Any], recording: Recording, source: dict[str, str]
) -> list[dict[str, Any]]:
    """Where recorded calls come in a scenario that does not say so."""
    names = [str(one["name"]) for one in spec["ingresses"]]
    if recording.ingress or len(names) == 1:
        return [{"ingress": _ingress(names, recording), "records": {}}]
    found = ingresses_recorded(Records.model_validate(source), Path())
    if not set(names) & set(found):
        raise StudyError(
            "the scenario has several ingresses, and none takes its calls from records",
            "name one for all calls with --ingress, give the records a column ingress with names "
            "of the scenario, or write arrivals with `records` and `skills` in the scenario",
        )
    strange = [f"{found[name]} of {name or 'no ingress'}" for name in found if name not in names]
    if strange:
        raise StudyError(
            f"{recording.records}: has calls that come in nowhere in the scenario: "
            + ", ".join(strange),
            "add their ingresses to the scenario, or name one for all calls with --ingress",
        )
    return [{"ingress": n, "records": {"ingresses": [n]}} for n in names if n in found]


def _ingress(names: list[str], recording: Recording) -> str:
    """The ingress where all calls come."""
    if recording.ingress:
        if recording.ingress in names:
            return recording.ingress
        near = nearest(recording.ingress, names)
        remedy = f"did you mean {near}?" if near else f"one of {', '.join(names)}"
        raise StudyError(f"--ingress {recording.ingress}: there is no such ingress", remedy)
    return names[0]


def _days(recording: Recording) -> list[str]:
    try:
        first = date.fromisoformat(recording.first_day)
    except ValueError as error:
        raise StudyError(
            f"--from {recording.first_day}: this is no date", "write it as in 1999-02-02"
        ) from error
    if not 1 <= recording.days_count <= DAYS_MAX:
        raise StudyError(f"--days {recording.days_count}", f"write 1 to {DAYS_MAX}")
    return [(first + timedelta(days=n)).isoformat() for n in range(recording.days_count)]
