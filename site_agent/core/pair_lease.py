"""Decides which of two site agents serves: a lease with a fence, in a folder that both see.

Rule of this file: the fence only grows, and each is taken by one process. A watcher waits a whole
lease by its own clock; the holder counts from before it sent its last renewal, and stops a margin
earlier: clocks are never compared. A process beside us that is gone has no lease; one that hangs is
ended before its lease is taken.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from enum import Enum
from math import inf
from typing import Any

from site_agent.core.lease_watch import LeaseWatch, StandbyEar, Verdict
from site_agent.core.pair_words import (
    BecomeActive,
    EndHolder,
    FolderFailed,
    FolderJob,
    Holder,
    HolderEnded,
    LeaseRead,
    LeaseRecord,
    LeaseRefused,
    LeaseWritten,
    PairAction,
    PairEvent,
    PairSettings,
    Prolong,
    ReadLease,
    RenewLease,
    ServingEnded,
    StandBy,
    StopAsked,
    TakeLease,
    TellPair,
    Woke,
)

FOLDER_AWAY = "lease_folder_away"
STANDBY_MISSING = "standby_missing"
CANNOT_TAKE = "pair_cannot_take"
OTHERS_LOOKS = 3
"So many looks the other has to take what this process could not serve with."


class Role(Enum):
    """What this process is."""

    STANDBY = "standby"
    ACTIVE = "active"
    LEAVING = "leaving"  # told to serve no longer, not done with it yet
    STOPPED = "stopped"  # planned: takes nothing any more


class PairLease:
    """One process's part in the pair. It serves while `role` is ACTIVE, until `until_s`."""

    __slots__ = (
        "_began_s",
        "_ear",
        "_failures",
        "_jobs",
        "_looks",
        "_me",
        "_next_s",
        "_not_before_s",
        "_on",
        "_out",
        "_settings",
        "_told",
        "_watch",
        "role",
        "since_s",
        "until_s",
    )

    def __init__(self, me: Holder, settings: PairSettings, now_s: float) -> None:
        self._me = me
        self._settings = settings
        self.role = Role.STANDBY
        self.since_s = now_s
        "When the role began."
        self.until_s = 0.0
        """The holder's own deadline. On one machine there is none: whoever serves next has ended
        this process before."""
        self._watch = LeaseWatch(me, settings, now_s)
        self._ear = StandbyEar(me.name, now_s)
        self._looks = 0
        self._failures = 0
        "How often in a row this process could not begin to serve."
        self._jobs = 0
        "Jobs under way in the folder."
        self._began_s = now_s
        "When the last of them was begun, or last found to take long."
        self._next_s = now_s
        self._not_before_s = now_s
        self._told: dict[str, str] = {}
        self._out: list[PairAction] = []
        self._on: dict[type, Callable[[Any, float], None]] = {
            Woke: self._woke,
            LeaseRead: self._read,
            LeaseWritten: self._written,
            LeaseRefused: self._refused,
            FolderFailed: self._failed,
            HolderEnded: self._holder_ended,
            ServingEnded: self._serving_ended,
            StopAsked: self._stop_asked,
        }

    @property
    def record(self) -> LeaseRecord | None:
        """The lease as it was last seen; ours while we serve."""
        return self._watch.record

    @property
    def is_done(self) -> bool:
        """After a planned stop: is nothing under way any more?"""
        return self.role is Role.STOPPED and not self._jobs

    def next_s(self) -> float:
        """When `Woke` is wanted."""
        next_s = self._began_s + self._settings.lease_s if self._jobs else self._next_s
        return min(self.until_s, next_s) if self.role is Role.ACTIVE else next_s

    def handle(self, event: PairEvent, now_s: float) -> list[PairAction]:
        """Take one event; what is to be done, in order."""
        self._on[type(event)](event, now_s)
        out, self._out = self._out, []
        return out

    # ---- the clock -------------------------------------------------------------------------

    def _woke(self, event: Woke, now_s: float) -> None:
        if self.role is Role.ACTIVE and now_s >= self.until_s:
            self._lose("the lease could not be renewed in time", now_s)
        elif self._jobs:
            if now_s - self._began_s >= self._settings.lease_s:
                self._began_s = now_s
                self._tell(FOLDER_AWAY, "the disk of pair.folder does not answer: look at it")
        elif now_s >= self._next_s:
            self._look(now_s)

    def _look(self, now_s: float) -> None:
        self._next_s = now_s + self._settings.renew_s
        record = self.record
        if self.role is Role.ACTIVE and record is not None:
            self._job(RenewLease(record=replace(record, beat=record.beat + 1)), now_s)
        elif self.role is Role.STANDBY:
            self._next_s = now_s + self._settings.watch_s
            self._looks += 1
            self._job(ReadLease(beat=self._looks), now_s)

    # ---- watching --------------------------------------------------------------------------

    def _read(self, event: LeaseRead, now_s: float) -> None:
        self._jobs -= 1
        if self._watch.goes_back(event.record):
            problem = (
                f"the lease in pair.folder is older than fence {self._watch.fence}, which was seen"
                " before: is this another folder, or is its disk not mounted?"
            )
            self._tell(FOLDER_AWAY, problem)
            return
        self._tell(FOLDER_AWAY, "")
        self._watch.saw(event.record, now_s)
        if self.role is not Role.STANDBY or now_s < self._not_before_s:
            return
        verdict = self._watch.verdict(event, now_s)
        holder = event.record.holder if event.record is not None else None
        if verdict is Verdict.TAKE:
            self._take(event.floor, now_s)
        elif verdict is Verdict.END and holder is not None:
            self._job(EndHolder(holder=holder), now_s)
        elif verdict is Verdict.UNSAFE and holder is not None:
            problem = (
                f"{holder.name} (pid {holder.pid}) does not renew its lease, and runs where its"
                " process cannot be looked up: end it, and write `hosts: two` in both files"
            )
            self._tell(CANNOT_TAKE, problem)

    def _take(self, floor: int, now_s: float) -> None:
        self._tell(CANNOT_TAKE, "")
        fence = max(self._watch.fence, floor) + 1
        record = LeaseRecord(fence=fence, lease_s=self._settings.lease_s, holder=self._me)
        self._job(TakeLease(record=record), now_s)

    def _holder_ended(self, event: HolderEnded, now_s: float) -> None:
        self._jobs -= 1
        self._tell(CANNOT_TAKE, event.problem)
        if event.problem:
            self._next_s = now_s + self._settings.renew_s
        elif self.role is Role.STANDBY:
            self._take(0, now_s)

    # ---- holding ---------------------------------------------------------------------------

    def _written(self, event: LeaseWritten, now_s: float) -> None:
        self._jobs -= 1
        self._tell(FOLDER_AWAY, "")
        self._watch.saw(event.record, now_s)
        until_s = event.sent_at_s + self._settings.lease_s - self._settings.margin_s
        until_s = inf if self._settings.one_host else until_s
        if self.role is Role.STANDBY and event.record.beat == 0 and now_s < until_s:
            self._become(Role.ACTIVE, now_s)
            self.until_s, self._next_s = until_s, now_s + self._settings.renew_s
            self._ear.heard_at_s = now_s
            self._out.append(BecomeActive(fence=event.record.fence, until_s=until_s))
        elif self.role is Role.STOPPED and event.record.holder is not None:
            self._give_back(now_s)
        elif self.role is Role.ACTIVE and now_s < self.until_s:
            self.until_s = max(self.until_s, until_s)
            self._out.append(Prolong(until_s=self.until_s))
            self._ear.hear(event.standbys, now_s)
            missing = now_s - self._ear.heard_at_s >= self._settings.standby_missing_s
            told = "no standby leaves word in pair.folder: start it, or look at its log"
            self._tell(STANDBY_MISSING, told if missing else "")

    def _refused(self, event: LeaseRefused, now_s: float) -> None:
        self._jobs -= 1
        if self.role is Role.ACTIVE:
            self._lose(f"another process has taken the lease (fence {event.fence})", now_s)

    def _failed(self, event: FolderFailed, now_s: float) -> None:
        self._jobs -= 1
        self._tell(FOLDER_AWAY, event.problem)

    def _lose(self, reason: str, now_s: float) -> None:
        self._become(Role.LEAVING, now_s)
        self._out.append(StandBy(reason=reason))

    # ---- leaving ---------------------------------------------------------------------------

    def _serving_ended(self, event: ServingEnded, now_s: float) -> None:
        if self.role not in (Role.ACTIVE, Role.LEAVING):
            return
        mine = self.role is Role.ACTIVE
        self._become(Role.STANDBY, now_s)
        self._next_s = now_s + self._settings.watch_s
        self._failures = self._failures + 1 if event.problem else 0
        if event.problem:
            pause_s = OTHERS_LOOKS * self._settings.watch_s * 2 ** min(self._failures - 1, 10)
            self._not_before_s = now_s + min(pause_s, self._settings.again_s)
        if mine:
            self._give_back(now_s)

    def _stop_asked(self, event: StopAsked, now_s: float) -> None:
        mine = self.role is Role.ACTIVE
        self._become(Role.STOPPED, now_s)
        if mine:
            self._give_back(now_s)

    def _give_back(self, now_s: float) -> None:
        record = self.record
        assert record is not None, "who served has a record"
        given = replace(record, beat=record.beat + 1, holder=None)
        self._job(RenewLease(record=given), now_s)

    # ---- inner -----------------------------------------------------------------------------

    def _become(self, role: Role, now_s: float) -> None:
        self.role, self.since_s = role, now_s
        self._tell(STANDBY_MISSING, "")

    def _job(self, job: FolderJob, now_s: float) -> None:
        self._jobs += 1
        self._began_s = now_s
        self._out.append(job)

    def _tell(self, code: str, problem: str) -> None:
        if self._told.get(code, "") == problem:
            return
        self._told[code] = problem
        self._out.append(TellPair(code=code, problem=problem))
