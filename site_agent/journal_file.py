"""The journal on disk: what must outlive this process is appended, and now and then written anew.

Rule of this file: a full or broken disk costs the journal, never a call: it is told, the file is
taken away (an old one would lie to the next start), and it is tried again. What is appended is in
the system's hands when `write` returns, and on the disk when `sync` has returned. A file whose head
has a higher fence is another process's: it is neither replaced nor taken away.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

from site_agent.core.actions import JournalDrop, JournalPut
from site_agent.core.events import JournalRead
from site_agent.errors import StartError
from site_agent.fence import Fence
from site_agent.journal_lines import (
    Contents,
    Head,
    drop_line,
    put_line,
    read_head,
    read_lines,
    whole,
)

BOOT_ID_FILE = Path("/proc/sys/kernel/random/boot_id")
UNKNOWN_BOOT = "unknown"
GROWTH_MAX = 3
"The file is written anew when it is this many times as large as what it says."
ANEW_BYTES_MIN = 1_000_000
"A smaller file is left as it is, however little it says."
HEAD_BYTES_MAX = 4_096


class JournalFenced(OSError):
    """The journal belongs to a process that serves the site since."""


class JournalFile:
    """One append-only file. Every write may raise OSError; then `give_up` is called."""

    def __init__(self, path: Path, head: Head, bytes_max: int, fence: Fence | None = None) -> None:
        self._path = path
        self._fence = fence or Fence()
        self._head = head
        self._bytes_max = bytes_max
        self._lines: dict[tuple[str, str], bytes] = {}
        "What stands now, as it is written."
        self._live_bytes = 0
        self._pending: list[bytes] = []
        self._since_anew: list[bytes] | None = None
        "Appended while the file is being written anew."
        self._file: int | None = None
        self._size = 0
        self.anew_count = 0

    @property
    def works(self) -> bool:
        """Is the file being written?"""
        return self._file is not None

    @property
    def has_pending(self) -> bool:
        """Is there anything to `write`?"""
        return bool(self._pending)

    def read(self) -> JournalRead:
        """What the process before this one kept.

        Raises `StartError` if there is a file that cannot be read at all.
        """
        try:
            data = self._path.read_bytes() if self._path.exists() else b""
        except OSError as error:
            raise StartError(f"journal {self._path}: cannot be read: {error}") from error
        contents = read_lines(data)
        self._take_fence(contents.head)
        for (kind, key), value in contents.entries.items():
            self._stands(kind, key, put_line(kind, key, value))
        return self._told(contents)

    def _take_fence(self, head: Head | None) -> None:
        """Our fence must not be under the journal's; without a pair its number is carried on."""
        found = head.fence if head is not None else 0
        if self._fence.number and found > self._fence.number:
            raise StartError(
                f"journal {self._path}: was written under fence {found}, ours is"
                f" {self._fence.number}: another site agent of this site serves since"
            )
        self._head = replace(self._head, fence=self._fence.number or found)

    def _told(self, contents: Contents) -> JournalRead:
        head, problem = contents.head, ""
        if contents.damaged_count:
            problem = (
                f"{contents.damaged_count} lines of {self._path} are damaged: what they said is"
                " lost, tokens of before the restart are not honoured; check this disk"
            )
        if head is not None and head.site != self._head.site:
            raise StartError(
                f"journal {self._path}: is of site {head.site}, not of {self._head.site}:"
                " name another file under journal.file, or move this one away"
            )
        same_boot = head is None or head.boot_id == self._head.boot_id != UNKNOWN_BOOT
        shift_s = 0.0 if head is None else head.unix_offset_s - self._head.unix_offset_s
        return JournalRead(
            entries=tuple((kind, key, value) for (kind, key), value in contents.entries.items()),
            sure=same_boot and not contents.damaged_count,
            shift_s=0.0 if same_boot else shift_s,
            problem=problem,
        )

    def add(self, action: JournalPut | JournalDrop) -> None:
        """One record of this turn; it is in the file after `write`."""
        kind, key = action.kind, action.key
        if isinstance(action, JournalPut):
            line = put_line(kind, key, action.value)
            self._stands(kind, key, line)
        else:
            line = drop_line(kind, key)
            self._live_bytes -= len(self._lines.pop((kind, key), b""))
        if self.works:
            self._pending.append(line)

    def write(self) -> None:
        """Hand what was added to the system. Raises OSError."""
        if not self._pending or self._file is None:
            return
        if not self._fence.holds():
            raise JournalFenced("this process may not act for its site any more")
        data = b"".join(self._pending)
        self._pending.clear()
        if self._since_anew is not None:
            self._since_anew.append(data)
        _write_all(self._file, data)
        self._size += len(data)
        if self._size > self._bytes_max:
            raise OSError(f"larger than {self._bytes_max} bytes")

    def sync(self) -> None:
        """Have the disk take what was written; for a thread of its own. Raises OSError."""
        file = self._file
        if file is not None:
            os.fdatasync(file)

    def wants_anew(self) -> bool:
        """Does the file say little for its size?"""
        return (
            self.works
            and self._since_anew is None
            and self._size > max(ANEW_BYTES_MIN, GROWTH_MAX * self._live_bytes)
        )

    # ---- writing it anew -----------------------------------------------------------------------

    def begin_anew(self) -> bytes:
        """What the new file says; from now on what is appended is remembered for it too."""
        self._since_anew = []
        return whole(self._head, self._lines.values())

    def write_beside(self, data: bytes) -> int:
        """Write the new file beside the old one; for a thread of its own. Raises OSError."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND | os.O_CLOEXEC
        file = os.open(self._beside, flags, 0o600)
        try:
            _write_all(file, data)
            os.fdatasync(file)
        except OSError:
            os.close(file)
            raise
        return file

    def take_place(self, file: int, size: int) -> None:
        """The new file takes the old one's place. Raises OSError."""
        appended, self._since_anew = b"".join(self._since_anew or ()), None
        if not self._is_ours():
            os.close(file)
            raise JournalFenced("another process serves this site since")
        _write_all(file, appended)
        self._beside.replace(self._path)
        folder = os.open(self._path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        self._close()
        self._file, self._size = file, size + len(appended)
        self.anew_count += 1

    def start_anew(self) -> None:
        """Write the file anew at once: at the start. Raises OSError."""
        data = self.begin_anew()
        self.take_place(self.write_beside(data), len(data))

    def give_up(self) -> None:
        """The disk does not take it: no file is better than one that does not tell the truth."""
        self._close()
        self._pending.clear()
        self._since_anew = None
        for path in (self._path, self._beside) if self._is_ours() else ():
            try:
                path.unlink(missing_ok=True)
            except OSError:
                continue

    def close(self) -> None:
        """At the end of the process."""
        self._close()

    @property
    def _beside(self) -> Path:
        mark = f".{self._fence.number}" if self._fence.number else ""
        return self._path.with_name(f"{self._path.name}{mark}.new")

    def _is_ours(self) -> bool:
        """May we replace the file, or take it away?"""
        return self._fence.holds() and fence_of(self._path) <= self._head.fence

    def _close(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            os.close(file)

    def _stands(self, kind: str, key: str, line: bytes) -> None:
        self._live_bytes += len(line) - len(self._lines.get((kind, key), b""))
        self._lines[(kind, key)] = line


def fence_of(path: Path) -> int:
    """The fence in a journal's head; 0 for none, and for a file that is not there."""
    try:
        with path.open("rb") as file:
            head = read_head(file.readline(HEAD_BYTES_MAX))
    except OSError:
        return 0
    return head.fence if head is not None else 0


def boot_id() -> str:
    """Names this boot of the machine: instants of another one are of another clock."""
    try:
        return BOOT_ID_FILE.read_text(encoding="ascii").strip()
    except OSError:
        return UNKNOWN_BOOT


def _write_all(file: int, data: bytes) -> None:
    view: Any = memoryview(data)
    while view:
        view = view[os.write(file, view) :]
