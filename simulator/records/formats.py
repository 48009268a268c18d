"""Which column of a file of calls says what, and in which unit.

Rule of this file: a format is data. Ours (`nirc`) is exact: an unknown column is a mistake. Formats
of others are mappings, written by hand as YAML; columns they do not name are passed over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

from simulator.errors import CallsError
from simulator.records.recorded import Ended

TIMES = ("arrival", "ahead", "wait", "talk", "acw")
NAMES = ("ingress", "site", "service", "agent")
FIELDS = ("date", *TIMES, *NAMES, "priority", "outcome", "caller")
"What a record may say of a call."
UNITS = {"ms": 0.001, "s": 1.0, "min": 60.0}
DATES = ("YYYY-MM-DD", "DD/MM/YYYY", "MM/DD/YYYY", "DD.MM.YYYY", "YYYYMMDD")
CLOCKS = ("seconds", "clock", "instant")
"""How an arrival is written: a number; HH:MM or HH:MM:SS beside a date; or date and time of day in
one column (`2026-03-02T08:15:00` or with a space)."""
OUTCOMES = {kind.name.lower(): int(kind) for kind in Ended}
KEYS = ("columns", "units", "separator", "decimal", "date", "arrival", "outcomes", "any_order")


@dataclass(frozen=True, slots=True, kw_only=True)
class CallsFormat:
    """How a kind of file writes calls."""

    name: str
    columns: Mapping[str, str]
    "Column of the file by what it says, one of FIELDS."
    units: Mapping[str, str] = field(default_factory=dict)
    "Unit of a time, one of UNITS; seconds where nothing is said."
    separator: str = ""
    "Empty: found out from the first line."
    decimal: str = "."
    date: str = "YYYY-MM-DD"
    "One of DATES."
    arrival: str = "seconds"
    "One of CLOCKS."
    outcomes: Mapping[str, int] = field(default_factory=lambda: OUTCOMES)
    "`Ended` by the file's word."
    aliases: Mapping[str, str] = field(default_factory=dict)
    "What further names of columns say, each one of FIELDS."
    any_order: bool = False
    "Lines need not stand in order of arrival (a file with dates only)."
    exact: bool = False
    "A column that `columns` does not name is a mistake; talk of a call nobody answered is too."
    loose: bool = False
    "Only the arrival must be there."

    def unit_s(self, said: str) -> float:
        """Seconds in one unit of a time."""
        return UNITS[self.units.get(said, "s")]


NIRC = CallsFormat(
    name="nirc",
    columns={f: f"{f}_s" if f in TIMES else f for f in FIELDS},
    exact=True,
)
CSV = CallsFormat(
    name="csv",
    columns=NIRC.columns,
    aliases={"arrive_s": "arrival", "skill": "service", "queue": "service", "service_s": "talk"},
    loose=True,
)
"Columns named as ours or by an alias, whatever else stands beside them."
BANK = CallsFormat(
    name="bank",
    columns={
        "date": "date",
        "arrival": "arrive_s",
        "service": "skill",
        "priority": "priority",
        "wait": "wait_s",
        "outcome": "outcome",
        "talk": "service_s",
        "agent": "agent",
    },
)
"The files of the bank's month, as `bank.py` describes them."
FORMATS = {"nirc": NIRC, "csv": CSV, "bank": BANK}


def format_of(name_or_path: str | Path) -> CallsFormat:
    """A format by its name, or a mapping read from a YAML file. Raises CallsError."""
    known = FORMATS.get(str(name_or_path))
    if known is not None:
        return known
    path = Path(name_or_path)
    try:
        text = path.read_text(encoding="utf-8-sig")
        found = yaml.safe_load(text)
    except OSError as error:
        raise CallsError(
            f"format {name_or_path}",
            f"is neither {' nor '.join(FORMATS)}, and no file that can be read ({error.strerror})",
            "name a format, or a YAML file with `columns:`",
        ) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise CallsError(str(path), f"is not YAML: {error}", "mend the file") from error
    return mapping(found, str(path))


def mapping(found: object, place: str) -> CallsFormat:
    """A format from what a mapping file says. Raises CallsError."""
    doc = _keys(found, place, KEYS)
    columns = _texts(doc.get("columns"), f"{place}: columns", FIELDS)
    if "arrival" not in columns:
        raise CallsError(f"{place}: columns", "do not name arrival", "add `arrival: <column>`")
    if "date" in columns and doc.get("arrival") == "instant":
        raise CallsError(f"{place}: columns", "name date beside instants", "leave out date")
    units = _texts(doc.get("units", {}), f"{place}: units", TIMES)
    for said, unit in units.items():
        _one_of(unit, tuple(UNITS), f"{place}: units.{said}")
    words = _texts(doc.get("outcomes", {}), f"{place}: outcomes", None)
    for word, kind in words.items():
        _one_of(kind, tuple(OUTCOMES), f"{place}: outcomes.{word}")
    separator = str(doc.get("separator", ""))
    if len(separator) > 1:
        raise CallsError(f"{place}: separator", f"is {separator!r}", 'give one character, or "\\t"')
    any_order = doc.get("any_order", False)
    if not isinstance(any_order, bool):
        raise CallsError(f"{place}: any_order", f"is {any_order!r}", "write true or false")
    return CallsFormat(
        name=place,
        columns=columns,
        units=units,
        separator=separator,
        decimal=_one_of(doc.get("decimal", "."), (".", ","), f"{place}: decimal"),
        date=_one_of(doc.get("date", DATES[0]), DATES, f"{place}: date"),
        arrival=_one_of(doc.get("arrival", CLOCKS[0]), CLOCKS, f"{place}: arrival"),
        outcomes={w: OUTCOMES[kind] for w, kind in words.items()} if words else OUTCOMES,
        any_order=any_order,
    )


def _keys(found: object, place: str, known: tuple[str, ...]) -> dict[str, Any]:
    if not isinstance(found, dict):
        raise CallsError(place, "is not a mapping of keys", f"write some of: {', '.join(known)}")
    for key in found:
        _one_of(key, known, place)
    return found


def _texts(found: object, place: str, known: tuple[str, ...] | None) -> dict[str, str]:
    texts = _keys(found, place, known) if known else found
    if not isinstance(texts, dict):
        raise CallsError(place, "is not a mapping", "write `word: meaning` on lines of their own")
    for key, text in texts.items():
        if not isinstance(text, str) or not text:
            raise CallsError(f"{place}.{key}", f"is {text!r}, not a text", "put it in quotes")
    return {str(key): text for key, text in texts.items()}


def _one_of(word: object, known: tuple[str, ...], place: str) -> str:
    if word in known:
        return str(word)
    near = get_close_matches(str(word), known, 1)
    meant = f"did you mean {near[0]!r}?" if near else f"use one of: {', '.join(known)}"
    raise CallsError(place, f"does not know {word!r}", meant)
