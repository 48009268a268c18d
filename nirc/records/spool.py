"""Keeps records on disk while Redis is away, in the order in which they came.

Rule of this file: bounded in bytes. When there is no room the oldest segment goes, and what was in
it is counted; what the disk refuses is counted too, and raises nothing. Everything here does file
work: it is called in a thread, by one caller at a time.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

log = logging.getLogger(__name__)

Line = tuple[str, str]
"(stream, record as JSON)"
SUFFIX = ".records"


@dataclass(frozen=True, slots=True, kw_only=True)
class SpoolSettings:
    """How much of the disk it may have."""

    bytes_max: int = 1024 * 1024 * 1024
    segment_bytes: int = 4 * 1024 * 1024
    "A file ends at this size; the oldest file goes first when there is no room."


class Spool:
    """Segments of lines. What a process left behind is found again by the next."""

    def __init__(self, folder: Path, settings: SpoolSettings) -> None:
        self._folder = folder
        self._settings = settings
        self._segments: list[tuple[Path, int]] = []
        "Oldest first, with their bytes."
        self._next = 1
        self._ended = True
        "The last segment takes no more: what a kill may have cut off is never written on."
        self.lost_count = 0
        self.problem = ""
        "Why the last write failed; empty after one that did not."
        self._find()

    @property
    def bytes_count(self) -> int:
        """Bytes on disk."""
        return sum(size for _, size in self._segments)

    @property
    def is_empty(self) -> bool:
        """Is nothing kept?"""
        return not self._segments

    def put(self, lines: Sequence[Line]) -> None:
        """Append lines; what the disk does not take is lost, and counted."""
        data = b"".join(f"{stream} {text}\n".encode() for stream, text in lines)
        self._make_room(len(data))
        if len(data) > self._settings.bytes_max:
            self._lose(len(lines), "the record is larger than the spool")
            return
        try:
            self._append(data)
            self.problem = ""
        except OSError as error:
            self._lose(len(lines), f"{self._folder}: {error.strerror}")

    def oldest(self) -> list[Line]:
        """The lines of the oldest segment; a line that was cut off by a kill is left out."""
        if not self._segments:
            return []
        path = self._segments[0][0]
        try:
            data = path.read_bytes()
        except OSError as error:
            self._lose(0, f"{path}: {error.strerror}")
            return []
        whole = data[: data.rfind(b"\n") + 1].decode("utf-8", "replace").splitlines()
        parts = [line.partition(" ") for line in whole]
        return [(stream, text) for stream, _, text in parts if text]

    def drop_oldest(self) -> None:
        """The oldest segment is written elsewhere now."""
        path, _ = self._segments.pop(0)
        path.unlink(missing_ok=True)

    # ---- inner -----------------------------------------------------------------------------

    def _find(self) -> None:
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            paths = sorted(self._folder.glob(f"*{SUFFIX}"))
            self._segments = [(path, path.stat().st_size) for path in paths]
        except OSError as error:
            self.problem = f"{self._folder}: {error.strerror}"
            return
        if self._segments:
            self._next = int(self._segments[-1][0].stem) + 1

    def _make_room(self, more: int) -> None:
        while self._segments and self.bytes_count + more > self._settings.bytes_max:
            lost = len(self.oldest())
            self.drop_oldest()
            self._lose(lost, f"{self._folder}: {self._settings.bytes_max} bytes are full")

    def _append(self, data: bytes) -> None:
        if self._ended or not self._segments:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._segments.append((self._folder / f"{self._next:012d}{SUFFIX}", 0))
            self._next += 1
            self._ended = False
        path, size = self._segments[-1]
        try:
            with open(path, "ab", opener=_for_us_alone) as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            self._cut(path, size)
            raise
        self._segments[-1] = (path, size + len(data))
        self._ended = size + len(data) >= self._settings.segment_bytes

    def _cut(self, path: Path, size: int) -> None:
        """A write that failed half way leaves nothing behind."""
        try:
            if size:
                os.truncate(path, size)
            else:
                path.unlink(missing_ok=True)
        except OSError as error:
            log.debug("%s keeps a cut line: %s", path, error)
        if not size:
            self._segments.pop()

    def _lose(self, count: int, problem: str) -> None:
        self.lost_count += count
        if problem != self.problem:
            log.error("records are lost: %s", problem)
        self.problem = problem


def _for_us_alone(path: str, flags: int) -> int:
    """Records have callers' numbers in them."""
    return os.open(path, flags, 0o600)
