"""Reads the files that a command line names.

Rule of this file: no more than `READ_MAX` bytes of anything are read, so that a huge file, a device
or an endless pipe costs nothing; what is no text ends the program with one plain line.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from nrcli.commands.exit_codes import DOCUMENT_WRONG, USAGE
from nrcli.commands.node_access import failed
from routing_policies.errors import DocumentError
from routing_policies.loading import text_of
from routing_policies.text_places import BYTES_MAX

SUFFIXES = (".yaml", ".yml")
READ_MAX = 2 * BYTES_MAX
"More bytes of a file are not even read."
STANDARD_INPUT = "standard input"


def text_in(file: Path) -> tuple[str, str]:
    """A file's text and its name; `-` is standard input. Ends the program if it is none."""
    name = STANDARD_INPUT if str(file) == "-" else str(file)
    try:
        data = _bytes(file)
    except OSError as error:
        raise failed(f"{name} cannot be read: {error.strerror}", USAGE) from error
    try:
        return text_of(data, source=name), name
    except DocumentError as error:
        raise failed(str(error), DOCUMENT_WRONG) from error


def yaml_files(folder: Path) -> Iterator[Path]:
    """Every YAML file under a folder, in order of their names."""
    inside = (path for path in folder.rglob("*") if path.suffix in SUFFIXES)
    return iter(sorted(path for path in inside if not path.is_dir()))


def _bytes(file: Path) -> bytes:
    if str(file) != "-":
        with file.open("rb") as opened:
            return opened.read(READ_MAX)
    if sys.stdin is None:
        raise failed("standard input is closed: name a file", USAGE)
    return sys.stdin.buffer.read(READ_MAX)
