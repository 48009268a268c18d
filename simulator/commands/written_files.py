"""Files that commands write: their places are tried before the work; files are whole or not there.

Rule of this file: what stood at a place is replaced only by a whole file. A place that turns out
bad after the work costs the file, never the answer.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from simulator.commands.console import note
from simulator.commands.exit_codes import MISTAKE, OK
from simulator.errors import SimulatorError, StudyError

NAME_BYTES_MAX = 200
"Room is left for the names of files under way."


def check_place(path: Path, option: str) -> None:
    """A file can be written there. Raises StudyError."""
    if len(os.fsencode(path.name)) > NAME_BYTES_MAX or "\0" in str(path):
        told = repr(str(path)[:NAME_BYTES_MAX])
        raise StudyError(f"{option} {told}: this is no name of a file", "name another, not so long")
    try:
        if path.is_dir():
            raise StudyError(f"{option} {path}: this is a folder", "name a file in it")
        if not path.parent.is_dir():
            raise StudyError(
                f"{option} {path}: the folder {path.parent} is not there",
                "make it, or name another",
            )
        if path.exists() and not path.is_file():
            remedy = "name a file; --json writes to standard output"
            raise StudyError(f"{option} {path}: this is a device or a pipe", remedy)
        writable = os.access(path.parent, os.W_OK | os.X_OK)
    except (OSError, ValueError) as error:
        raise StudyError(
            f"{option} {path}: no such place can be: {error}", "name another"
        ) from error
    if not writable:
        raise StudyError(
            f"{option} {path}: nothing can be written in the folder {path.parent}",
            "name another, or change its rights",
        )


def check_folder(path: Path, option: str) -> None:
    """A folder is there, or can be made. Raises StudyError."""
    if path.is_dir():
        if not os.access(path, os.W_OK | os.X_OK):
            raise StudyError(
                f"{option} {path}: nothing can be written there",
                "name another, or change its rights",
            )
        return
    if path.exists():
        raise StudyError(f"{option} {path}: this is no folder", "name a folder")
    check_place(path, option)


def write_whole(path: Path, text: str) -> None:
    """Write a text file. Raises OSError with the file's name."""
    under_way = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        under_way.write_text(text, encoding="utf-8")
        under_way.replace(path)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error
    finally:
        under_way.unlink(missing_ok=True)


def kept(write: Callable[[], object], wrote: str) -> int:
    """Write a file after the answer was shown, and say so; the exit code."""
    try:
        write()
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        note(f"nirc-sim: {place}cannot be written: {error.strerror or error}; the answer holds")
        return MISTAKE
    except SimulatorError as error:
        note(f"nirc-sim: {error}; the answer holds")
        return MISTAKE
    note(wrote)
    return OK
