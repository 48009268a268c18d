"""Decides which of two site agents serves: a lease with a fence, in a folder that both see.

Rule of this file: the fence only grows, and each is taken by one process. A watcher measures the
holder's silence by its own clock, from when it last saw the record change; the holder measures from
before it sent its last renewal, and stops a margin earlier: clocks are never compared. A process
beside us that is gone has no lease; one that hangs is ended before its lease is taken.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from enum import Enum
from typing import Any

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


class Role(Enum):
    """What this process is."""

    STANDBY = "standby"
    ACTIVE = "active"
    LEAVING = "leaving"  # told to serve no longer, not done with it yet
    STOPPED = "stopped"  # planned: takes nothing any more


class PairLease:
    """One process's part in the pair. It serves while `role` is ACTIVE, until `until_s`."""

    __slots__ = (
        "_beats",
        "_began_s",
        "_jobs",
        "_me",
        "_missing",
        "_next_s",
        "_not_before_s",
        "_on",
        "_out",
        "_record",
        "_seen_at_s",
        "_settings",
        "_told",
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
        "The holder's own deadline."
        self._record: LeaseRecord | None = None
        "As it was last seen in the folder, or written by us."
        self._seen_at_s = now_s
        "When it was first seen so."
        self._jobs = 0
        "Jobs under way in the folder."
        self._began_s = now_s
        "When the last of them was begun."
        self._next_s = now_s
        self._not_before_s = now_s
        self._beats: dict[str, int] = {}
        self._missing = (now_s, 0)
        "When a standby was last heard, and our own count of looks."
        self._told: set[str] = set()
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
    def fence(self) -> int:
        """The highest fence known; ours while we serve."""
        return self._record.fence if self._record is not None else 0

    @property
    def holder(self) -> Holder | None:
        """Who has the lease, as far as is known."""
        return self._record.holder if self._record is not None else None

    @property
    def is_done(self) -> bool:
        """After a planned stop: is nothing under way any more?"""
        return self.role is Role.STOPPED and not self._jobs

    def next_s(self) -> float:
        """When `Woke` is wanted."""
        next_s = self._began_s + self._settings.lease_s if self._jobs else self._next_s
        if self.role is Role.ACTIVE and not self._settings.one_host:
            return min(self.until_s, next_s)
        return next_s

    def handle(self, event: PairEvent, now_s: float) -> list[PairAction]:
        """Take one event; what is to be done, in order."""
        self._on[type(event)](event, now_s)
        out, self._out = self._out, []
        return out

    # ---- the clock -------------------------------------------------------------------------

    def _woke(self, event: Woke, now_s: float) -> None:
        if self.role is Role.ACTIVE and self._is_over(now_s):
            self._lose("the lease could not be renewed in time", now_s)
            return
        if self._jobs:
            if now_s - self._began_s >= self._settings.lease_s:
                self._began_s = now_s
                self._tell(FOLDER_AWAY, "its disk does not answer")
            return
        if now_s < self._next_s:
            return
        if self.role is Role.ACTIVE:
            self._next_s = now_s + self._settings.renew_s
            self._renew(now_s)
        elif self.role is Role.STANDBY:
            self._next_s = now_s + self._settings.watch_s
            seen_at_s, count = self._missing
            self._missing = (seen_at_s, count + 1)
            self._job(ReadLease(beat=count + 1), now_s)
        else:
            self._next_s = now_s + self._settings.renew_s

    def _is_over(self, now_s: float) -> bool:
        return not self._settings.one_host and now_s >= self.until_s

    # ---- watching --------------------------------------------------------------------------

    def _read(self, event: LeaseRead, now_s: float) -> None:
        self._jobs -= 1
        known, found = self._record, event.record
        if known is not None and (found is None or found.fence < known.fence):
            problem = (
                f"the lease there is older than fence {known.fence}, which was seen before: is this"
                " another folder, or is the disk not mounted?"
            )
            self._tell(FOLDER_AWAY, problem)
            return
        self._folder_is_there()
        if found != known:
            self._record, self._seen_at_s = found, now_s
        if self.role is Role.STANDBY and now_s >= self._not_before_s:
            self._look_at(found, event, now_s)

    def _look_at(self, found: LeaseRecord | None, event: LeaseRead, now_s: float) -> None:
        holder = found.holder if found is not None else None
        if found is None or holder is None or holder.life == self._me.life or event.holder_gone:
            self._take(event.floor, now_s)
            return
        if self._settings.one_host and holder.boot != self._me.boot:
            self._take(event.floor, now_s)
            return
        if now_s - self._seen_at_s < found.lease_s:
            return
        if self._me.is_beside(holder):
            self._job(EndHolder(holder=holder), now_s)
        elif self._settings.one_host:
            self._tell(
                CANNOT_TAKE,
                f"{holder.name} (pid {holder.pid}) does not renew, and runs where its process"
                " cannot be looked up: end it, and set pair.hosts to two",
            )
        else:
            self._take(event.floor, now_s)

    def _take(self, floor: int, now_s: float) -> None:
        self._tell(CANNOT_TAKE, "")
        record = LeaseRecord(
            fence=max(self.fence, floor) + 1, lease_s=self._settings.lease_s, holder=self._me
        )
        self._job(TakeLease(record=record), now_s)

    def _holder_ended(self, event: HolderEnded, now_s: float) -> None:
        self._jobs -= 1
        self._tell(CANNOT_TAKE, event.problem)
        if event.problem:
            self._next_s = now_s + self._settings.renew_s
        elif self.role is Role.STANDBY:
            self._take(0, now_s)

    # ---- holding ---------------------------------------------------------------------------

    def _renew(self, now_s: float) -> None:
        assert self._record is not None, "who serves has a record"
        self._job(RenewLease(record=replace(self._record, beat=self._record.beat + 1)), now_s)

    def _written(self, event: LeaseWritten, now_s: float) -> None:
        self._jobs -= 1
        self._folder_is_there()
        if event.record.fence < self.fence:
            return
        self._record, self._seen_at_s = event.record, now_s
        until_s = event.sent_at_s + self._settings.lease_s - self._settings.margin_s
        if self.role is Role.STANDBY and event.record.beat == 0 and now_s < until_s:
            self._become(Role.ACTIVE, now_s)
            self.until_s = until_s
            self._missing = (now_s, self._missing[1])
            self._next_s = now_s + self._settings.renew_s
            self._out.append(BecomeActive(fence=event.record.fence, until_s=until_s))
        elif self.role is Role.STOPPED and event.record.holder is not None:
            self._give_back(now_s)
        elif self.role is Role.ACTIVE and not self._is_over(now_s):
            self.until_s = max(self.until_s, until_s)
            self._out.append(Prolong(until_s=self.until_s))
            self._hear_standbys(event, now_s)

    def _hear_standbys(self, event: LeaseWritten, now_s: float) -> None:
        others = {name: beat for name, beat in event.standbys.items() if name != self._me.name}
        if any(self._beats.get(name) != beat for name, beat in others.items()):
            self._missing = (now_s, self._missing[1])
        self._beats = others
        if now_s - self._missing[0] >= self._settings.standby_missing_s:
            self._tell(STANDBY_MISSING, "no standby is heard in the pair's folder: start it")
        else:
            self._tell(STANDBY_MISSING, "")

    def _refused(self, event: LeaseRefused, now_s: float) -> None:
        self._jobs -= 1
        if self.role is Role.ACTIVE:
            self._lose(f"another process has taken the lease (fence {event.fence})", now_s)

    def _failed(self, event: FolderFailed, now_s: float) -> None:
        self._jobs -= 1
        self._tell(FOLDER_AWAY, event.problem)

    def _folder_is_there(self) -> None:
        self._tell(FOLDER_AWAY, "")

    def _lose(self, reason: str, now_s: float) -> None:
        self._become(Role.LEAVING, now_s)
        self._out.append(StandBy(reason=reason))

    def _serving_ended(self, event: ServingEnded, now_s: float) -> None:
        if self.role not in (Role.ACTIVE, Role.LEAVING):
            return
        mine = self.role is Role.ACTIVE
        self._become(Role.STANDBY, now_s)
        if event.problem:
            self._not_before_s = now_s + self._settings.again_s
        if mine:
            self._give_back(now_s)
        self._next_s = now_s + self._settings.watch_s

    # ---- leaving ---------------------------------------------------------------------------

    def _stop_asked(self, event: StopAsked, now_s: float) -> None:
        mine = self.role is Role.ACTIVE
        self._become(Role.STOPPED, now_s)
        if mine:
            self._give_back(now_s)

    def _give_back(self, now_s: float) -> None:
        assert self._record is not None, "who served has a record"
        given = replace(self._record, beat=self._record.beat + 1, holder=None)
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
        if problem or code in self._told:
            (self._told.add if problem else self._told.discard)(code)
            self._out.append(TellPair(code=code, problem=problem))
