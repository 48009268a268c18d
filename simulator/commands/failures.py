"""What a person sees when a command fails: one plain text with the place and the remedy.

Rule of this file: every error of a command ends here as text and an exit code; nobody sees a
traceback, unless the variable NIRC_SIM_TRACEBACK asks for one.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import typer
from typer.core import TyperGroup

from routing_policies.errors import DocumentError, PolicyError, shown
from simulator.commands.exit_codes import MISTAKE, STOPPED
from simulator.errors import OverloadedError, SimulatorError

TRACEBACK = "NIRC_SIM_TRACEBACK"
"Set to anything: errors of the program itself keep their traceback."
TEXT_MAX = 2_000_000
"Files larger than this are not read again to show the line of a mistake."


EXPECTED = (
    ImportError,
    KeyboardInterrupt,
    MemoryError,
    OSError,
    PolicyError,
    RecursionError,
    SimulatorError,
)
"What a command may raise without being wrong itself."


class Commands(TyperGroup):
    """The group of all commands; what a command raises ends here."""

    def invoke(self, ctx: typer.Context) -> object:  # type: ignore[override]
        """Carry out the command that was named. Raises typer.Exit with the code of a failure."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise
        except EXPECTED as error:
            raise failed(*explained(error)) from error


def explained(error: BaseException) -> tuple[str, int]:
    """What is told of an error, and the exit code."""
    if isinstance(error, KeyboardInterrupt):
        return "interrupted; nothing was finished", STOPPED
    if isinstance(error, MemoryError):
        return "out of memory: use fewer --workers, or a smaller scenario", STOPPED
    if isinstance(error, ImportError):
        return f"{error}; is all installed? pip install '.[simulator]' in a clone", MISTAKE
    if isinstance(error, RecursionError):
        return "a file is nested too deeply to be read; write it flatter", MISTAKE
    if isinstance(error, DocumentError):
        return _pictures(error), MISTAKE
    if isinstance(error, OSError):
        where = error.filename or "the output, or a connection"
        return f"{where}: {error.strerror or error}", MISTAKE
    if isinstance(error, OverloadedError):
        return str(error), STOPPED
    return str(error) or type(error).__name__, MISTAKE


def failed(text: str, code: int = MISTAKE) -> typer.Exit:
    """Say why on standard error; raise what this returns."""
    sys.stderr.write(f"nirc-sim: {text}\n")
    return typer.Exit(code)


def surprised(error: Exception) -> int:
    """Tell of an error that nobody foresaw; returns the exit code."""
    if os.environ.get(TRACEBACK):
        raise error
    sys.stderr.write(
        f"nirc-sim: a mistake of this program: {type(error).__name__}: {error}; please report it "
        f"with your command line and what `{TRACEBACK}=1 nirc-sim ...` prints\n"
    )
    return MISTAKE


def _pictures(error: DocumentError) -> str:
    """Every fault with the picture of its own file."""
    told = []
    for name in dict.fromkeys(fault.source for fault in error.faults):
        of_one = DocumentError(*(fault for fault in error.faults if fault.source == name))
        told.append(shown(of_one, _text_of(name)))
    return "\n".join(told)


def _text_of(name: str) -> str:
    path = Path(name)
    try:
        if not path.is_file() or path.stat().st_size > TEXT_MAX:
            return ""
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return ""
