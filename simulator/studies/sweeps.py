"""Every combination of some values: the variants of a sweep.

Rule of this file: `path=a,b,c` becomes one change a value, checked as `--set` is; combinations
stand in the order of the command line, the last path changing fastest.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from routing_policies.errors import DocumentError
from simulator.errors import StudyError
from simulator.studies.cases import Case
from simulator.studies.overrides import change_of
from simulator.studies.study import Wanted

VARIANTS_MAX = 500
_RANGE = re.compile(r"[0-9.]+(?:\.\.|[:-])[0-9.]+(?::[0-9.]+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Varied:
    """A path and the values it takes."""

    path: str
    values: tuple[str, ...]


def varied_of(text: str) -> Varied:
    """Read `path=a,b,c`; commas inside brackets part nothing. Raises StudyError."""
    if "=" not in text:
        raise StudyError(
            f"--vary {text}: this is no path=values",
            "write it as in `--vary sites.lisbon.agents.a.count=40,44,48`",
        )
    change = change_of(text)
    values = tuple(value.strip() for value in _parted(change.value))
    if not all(values):
        raise StudyError(
            f"--vary {text}: a value is empty", "write values with commas between them"
        )
    return Varied(path=change.path, values=values)


def variants_of(case: Case, varied: Sequence[Varied], policy: str) -> tuple[Wanted, ...]:
    """One variant a combination. Raises StudyError and DocumentError."""
    count = 1
    for one in varied:
        count *= len(one.values)
    if count > VARIANTS_MAX:
        raise StudyError(
            f"{count} combinations are more than {VARIANTS_MAX}", "vary fewer values at a time"
        )
    wanted = []
    for values in product(*(one.values for one in varied)):
        changes = [f"{one.path}={value}" for one, value in zip(varied, values, strict=True)]
        wanted.append(Wanted(name=", ".join(values), case=_changed(case, changes), policy=policy))
    return tuple(wanted)


def _changed(case: Case, changes: Sequence[str]) -> Case:
    """Raises DocumentError, which tells how several values are written if one has none of them."""
    try:
        return case.with_changes(changes)
    except DocumentError as error:
        ranged = [change for change in changes if _RANGE.fullmatch(change.partition("=")[2])]
        if not ranged:
            raise
        raise StudyError(
            f"--vary {ranged[0]}: a range is no value", "write every value, as in 14,16,18"
        ) from error


def _parted(text: str) -> list[str]:
    parts, depth = [""], 0
    for letter in text:
        depth += (letter in "[{") - (letter in "]}")
        if letter == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return parts
