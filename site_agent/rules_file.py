"""The site's own file of OverflowRules on disk: read whole, and looked at for changes.

Rule of this file: it reads and compares; what the text means is the core's business. A file that
cannot be read is told as it is, and never stops a site agent.
"""

from __future__ import annotations

import os
from pathlib import Path
from stat import S_ISREG

from routing_policies.errors import DocumentError, shown
from site_agent.config import SiteConfig
from site_agent.core.events import OverflowRulesRead
from site_agent.core.rules_in_force import checked

BYTES_MAX = 262_144
"Longer files are not read: reading one must not keep callers waiting."
Mark = tuple[int, int, int] | None


def problem_of(config: SiteConfig) -> str:
    """What is wrong with the OverflowRules that a site agent's file names; empty if nothing is."""
    if config.overflow_rules is None:
        return ""
    read = RulesFile(config.overflow_rules).read()
    try:
        checked(read, site=config.site, queues={queue.name for queue in config.acd.queues})
    except DocumentError as error:
        return shown(error, read.text)
    return ""


class PlainFile:
    """A text on disk, read whole, and looked at for changes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._mark: Mark = None

    def read(self) -> tuple[str, str]:
        """The text as it is now, or why there is none."""
        self._mark = self._look()
        try:
            with open(self._path, "rb", opener=_opened) as file:
                if not S_ISREG(os.fstat(file.fileno()).st_mode):
                    return "", "is no plain file"
                data = file.read(BYTES_MAX + 1)
            if len(data) > BYTES_MAX:
                return "", f"is over {BYTES_MAX} bytes"
            return data.decode("utf-8"), ""
        except OSError as error:
            return "", f"cannot be read: {error.strerror}"
        except UnicodeDecodeError:
            return "", "is not UTF-8 text"

    def differs(self) -> bool:
        """Is it not as it was when it was read?"""
        return self._look() != self._mark

    def _look(self) -> Mark:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return (found.st_ino, found.st_size, found.st_mtime_ns)


class RulesFile:
    """One file."""

    def __init__(self, path: Path) -> None:
        self._source = str(path)
        self._file = PlainFile(path)

    def read(self) -> OverflowRulesRead:
        """The file as it is now."""
        text, problem = self._file.read()
        return OverflowRulesRead(source=self._source, text=text, problem=problem)

    def changed(self) -> OverflowRulesRead | None:
        """The file, if it is not as it was when it was read; else nothing."""
        return self.read() if self._file.differs() else None


def _opened(path: str, flags: int) -> int:
    """Never waits for whoever would write into a named pipe."""
    return os.open(path, flags | os.O_NONBLOCK)
