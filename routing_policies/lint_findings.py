"""What a lint check tells.

Rule of this file: data only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is allowed and probably not meant."""

    code: str
    "Short name of the check, such as unreachable-rule."
    severity: Severity
    "An error keeps a policy from being published; a warning is shown; a note may be left."
    source: str
    place: str
    problem: str
    remedy: str
    line: int = 0

    def __str__(self) -> str:
        where = f"{self.source}:{self.line}" if self.line else self.source
        return (
            f"{where}: {self.severity}: {self.place} {self.problem} ({self.remedy}) [{self.code}]"
        )
