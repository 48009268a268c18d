"""Which code ran: seed and commit together replay a run.

Rule of this file: the answer is about the code that is imported, not about the current folder.
"""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

from simulator import __version__

ROOT = Path(__file__).resolve().parents[2]


@cache
def commit() -> str:
    """Short hash of the commit, with `+` if files were changed since; outside of a repository the
    version, such as `nirc 0.1.0`."""
    if not (ROOT / ".git").exists():
        return f"nirc {__version__}"
    try:
        done = subprocess.run(
            ["git", "describe", "--always", "--dirty=+", "--abbrev=12", "--exclude=*"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=5,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return f"nirc {__version__}"
    return done.stdout.strip()
