"""Keeps two processes of one machine off one journal.

Rule of this file: the lock is the kernel's (flock), so it ends with its process, however that ends;
what stands in the file is for people. It lies beside the journal, which is replaced when it is
written anew.
"""

from __future__ import annotations

import fcntl
import logging
import os
from pathlib import Path

from site_agent.errors import StartError
from site_agent.pair_config import PairConfig

log = logging.getLogger(__name__)
TEXT_BYTES_MAX = 100


class JournalTaken(StartError):
    """Another process writes this journal."""


class JournalLock:
    """Held from `take` to `release`, or to the end of the process."""

    def __init__(self, journal: Path) -> None:
        self._journal = journal
        self._path = journal.with_name(journal.name + ".lock")
        self._file: int | None = None

    def take(self) -> None:
        """Take it. Raises `JournalTaken` naming the other process, `StartError` if it cannot be."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StartError(self._unlockable(error)) from error
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            other = os.read(file, TEXT_BYTES_MAX).decode("utf-8", "replace").strip()
            os.close(file)
            if not isinstance(error, BlockingIOError):
                raise StartError(self._unlockable(error)) from error
            raise JournalTaken(
                f"journal {self._journal}: another site agent writes it ({other or 'pid unknown'});"
                " stop that one, or give this one its own incarnation_file and journal.file; for an"
                " active and a standby add `pair:` to both files"
            ) from error
        os.ftruncate(file, 0)
        os.pwrite(file, f"pid {os.getpid()}\n".encode("ascii"), 0)
        self._file = file

    def _unlockable(self, error: OSError) -> str:
        why = f"cannot be locked: {error.strerror or error}"
        remedy = "set journal.file to a place this user may write, on a disk of this machine"
        return f"journal {self._journal}: {why} ({self._path}); {remedy}"

    def release(self) -> None:
        """Give it back; the file stays, for another process may be about to lock it."""
        file, self._file = self._file, None
        if file is not None:
            os.close(file)


def lock_of(lock: JournalLock, pair: PairConfig | None) -> None:
    """Take the lock. Of a pair on two machines the fence counts: a lock that the other machine's
    disk still shows is told and passed by."""
    try:
        lock.take()
    except JournalTaken as error:
        if pair is None or pair.hosts == "one":
            raise
        log.warning("%s; its fence is lower, so it cannot write any more", error)
