"""Runs `nirc-sim` inside the test's process."""

import json
from typing import Any

from typer.testing import CliRunner, Result

from simulator.commands.main import app

SMALL = ("--set", "duration_s=600", "--set", "drain_s=600", "--workers", "1")
"Ten minutes, in one process."


def said(*words: str, code: int = 0) -> Result:
    """What the command said; it ended with this code."""
    found = CliRunner().invoke(app, list(words))
    assert found.exit_code == code, (found.exit_code, found.output, found.exception)
    return found


def told(*words: str, code: int = 0) -> dict[str, Any]:
    """The one object on standard output."""
    made: dict[str, Any] = json.loads(said(*words, "--json", code=code).stdout)
    return made
