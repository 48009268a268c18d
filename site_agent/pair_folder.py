"""The folder of a pair on disk: one file for each fence, and a word of each standby.

Rule of this file: no lock, for a process that was stopped would keep it. A fence is taken by
making its file, which only one process can (link fails if it is there); its holder rewrites that
file and no other; the highest counts. Every call may block and raise OSError: for a thread.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from site_agent.clock import boottime_s
from site_agent.core.pair_words import (
    EndHolder,
    FolderFailed,
    FolderJob,
    Holder,
    HolderEnded,
    LeaseRead,
    LeaseRecord,
    LeaseRefused,
    LeaseWritten,
    PairEvent,
    ReadLease,
    RenewLease,
    TakeLease,
)
from site_agent.errors import StartError
from site_agent.journal_file import fence_of
from site_agent.pair_processes import end, is_gone

LEASE, STANDBY = "lease.", "standby."
UNKNOWN_LEASE_S = 60.0
"How long the holder of a record that cannot be read may be silent: the longest lease there is."
TRIES_MAX = 10
"A file may be taken away between listing and reading it: then a higher one is there."


class PairFolder:
    """What both processes of a pair see."""

    def __init__(self, folder: Path, me: Holder, journal: Path) -> None:
        """Raises `StartError` if there is no such folder: it may be a disk that is not mounted."""
        self._folder = folder
        self._me = me
        self._journal = journal
        if not folder.is_dir():
            raise StartError(
                f"pair.folder {folder}: is not there; mount its disk, or make it on the disk that"
                " both site agents see"
            )

    def do(self, job: FolderJob) -> PairEvent:
        """One job; what came of it. Never raises for what disks and other processes do."""
        try:
            match job:
                case ReadLease():
                    return self._read(job)
                case TakeLease():
                    return self._take(job.record)
                case RenewLease():
                    return self._renew(job.record)
                case EndHolder():
                    return HolderEnded(problem=end(job.holder))
        except (OSError, ValueError, KeyError, TypeError) as error:
            return FolderFailed(
                problem=f"pair.folder {self._folder} cannot be used: {error}; look at its disk and"
                " at who may write there"
            )

    def forget_standby(self) -> None:
        """This process stands by no longer."""
        self._path(STANDBY + self._me.name).unlink(missing_ok=True)

    # ---- jobs ------------------------------------------------------------------------------

    def _read(self, job: ReadLease) -> LeaseRead:
        self._write(self._path(STANDBY + self._me.name), {"beat": job.beat, **asdict(self._me)})
        record = self._highest()
        holder = record.holder if record is not None else None
        gone = holder is not None and self._me.is_beside(holder) and is_gone(holder)
        floor = fence_of(self._journal) if record is None or holder is None or gone else 0
        return LeaseRead(record=record, holder_gone=gone, floor=floor)

    def _take(self, record: LeaseRecord) -> PairEvent:
        sent_at_s = boottime_s()
        highest = self._highest_fence()
        if highest >= record.fence:
            return LeaseRefused(fence=highest)
        beside = self._path(f"taking.{self._me.name}")
        self._write_to(beside, _plain(record), sync=True)
        try:
            os.link(beside, self._lease(record.fence))
        except FileExistsError:
            return LeaseRefused(fence=record.fence)
        finally:
            beside.unlink(missing_ok=True)
        self._sync_folder()
        for fence in self._fences():
            if fence < record.fence:
                self._lease(fence).unlink(missing_ok=True)
        self.forget_standby()
        return LeaseWritten(record=record, sent_at_s=sent_at_s, standbys=self._standbys())

    def _renew(self, record: LeaseRecord) -> PairEvent:
        sent_at_s = boottime_s()
        highest = self._highest_fence()
        if highest < record.fence:
            raise OSError(f"the lease {record.fence} is not there any more")
        if highest == record.fence:
            self._write(self._lease(record.fence), _plain(record))
            highest = self._highest_fence()
        if highest > record.fence:
            return LeaseRefused(fence=highest)
        return LeaseWritten(record=record, sent_at_s=sent_at_s, standbys=self._standbys())

    # ---- files -----------------------------------------------------------------------------

    def _highest(self) -> LeaseRecord | None:
        for _ in range(TRIES_MAX):
            fence = self._highest_fence()
            if not fence:
                return None
            try:
                text = self._lease(fence).read_text(encoding="utf-8")
            except FileNotFoundError:
                continue
            return _record(fence, text)
        raise OSError("its files change all the time")

    def _highest_fence(self) -> int:
        return max(self._fences(), default=0)

    def _fences(self) -> Iterator[int]:
        for name in self._names():
            if name.startswith(LEASE) and name[len(LEASE) :].isdecimal():
                yield int(name[len(LEASE) :])

    def _names(self) -> list[str]:
        return [path.name for path in self._folder.iterdir()]

    def _standbys(self) -> dict[str, int]:
        found = {}
        for name in self._names():
            if name.startswith(STANDBY) and not name.endswith(".new"):
                try:
                    text = self._path(name).read_text(encoding="utf-8")
                    found[name[len(STANDBY) :]] = int(json.loads(text)["beat"])
                except (FileNotFoundError, ValueError, KeyError, TypeError):
                    continue
        return found

    def _lease(self, fence: int) -> Path:
        return self._path(f"{LEASE}{fence:010d}")

    def _path(self, name: str) -> Path:
        return self._folder / name

    def _write(self, path: Path, value: dict[str, Any]) -> None:
        beside = path.with_name(f"{path.name}.{self._me.name}.new")
        self._write_to(beside, value)
        beside.replace(path)

    def _write_to(self, path: Path, value: dict[str, Any], *, sync: bool = False) -> None:
        with path.open("w", encoding="utf-8") as file:
            json.dump(value, file)
            if sync:
                file.flush()
                os.fsync(file.fileno())

    def _sync_folder(self) -> None:
        handle = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _plain(record: LeaseRecord) -> dict[str, Any]:
    return asdict(record)


def _record(fence: int, text: str) -> LeaseRecord:
    """What a lease's file says; one that a power cut spoilt has a holder whom nobody knows."""
    try:
        value = json.loads(text)
        holder = value["holder"]
        return LeaseRecord(
            fence=fence,
            beat=int(value["beat"]),
            lease_s=float(value["lease_s"]),
            holder=None if holder is None else Holder(**holder),
        )
    except (ValueError, KeyError, TypeError):
        unknown = Holder(name="unknown", life="unknown")
        return LeaseRecord(fence=fence, lease_s=UNKNOWN_LEASE_S, holder=unknown)
