"""Runs the checkers of the invariants over the sites' histories and reads what they found.

Rule of this file: the checkers are another program (`nirc-sim check --json`); a check that could
not be made is a finding, never silence.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nirc.demo.report import CheckerFindings

CHECK_S_MAX = 120.0
LOST = ("lost",)
DOUBLE = ("double", "S1")


def check(histories: Sequence[Path]) -> CheckerFindings:
    """Check these history files together."""
    command = [sys.executable, "-m", "simulator", "check", "--json", *map(str, histories)]
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=CHECK_S_MAX, check=False
        )
    except subprocess.TimeoutExpired:
        return CheckerFindings(violations=(f"the checkers took over {CHECK_S_MAX:.0f} s",))
    try:
        return findings(json.loads(done.stdout))
    except (ValueError, TypeError, KeyError):
        words = (done.stderr or done.stdout).strip()[-500:]
        return CheckerFindings(violations=(f"the checkers failed ({done.returncode}): {words}",))


def findings(document: Any) -> CheckerFindings:
    """Read the checkers' JSON."""
    violations = [dict(one) for one in document["violations"]]
    return CheckerFindings(
        violations=tuple(_line(one) for one in violations),
        lost_count=int(document.get("lost", 0)),
        double_booked_count=int(document.get("double_booked", 0)),
    )


def _line(violation: dict[str, Any]) -> str:
    return f"{violation.get('invariant', '')}: {violation.get('text', violation)}"
