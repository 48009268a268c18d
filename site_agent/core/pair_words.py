"""The words of a pair of site agents: the lease's record, what happens to it, what is to be done.

Rule of this file: plain frozen data; what follows from it stands in `pair_lease`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """One life of one process: what the other needs in order to know whether it still is."""

    name: str
    "`pair.name` of its settings."
    life: str
    "Another one for each start of a process."
    host: str = ""
    "For people."
    boot: str = ""
    "Names one boot of one machine; empty: not known."
    space: str = ""
    "Names where its process number counts (containers of one machine differ)."
    pid: int = 0
    started: int = 0
    "When it was started, in the kernel's count: a number that was given away again is no match."

    def is_beside(self, other: Holder) -> bool:
        """Is the other a process that this one can look up by its number?"""
        same = (self.boot, self.space) == (other.boot, other.space)
        return bool(self.boot and self.space) and same


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseRecord:
    """The lease as it lies in the folder. The highest fence counts, all others are history."""

    fence: int
    beat: int = 0
    "Grows with each renewal."
    lease_s: float = 0.0
    "How long the holder may be silent, by its own settings; seconds."
    holder: Holder | None = None
    "None: given back."


@dataclass(frozen=True, slots=True, kw_only=True)
class PairSettings:
    """Times of a pair; seconds."""

    lease_s: float = 3.0
    margin_s: float = 0.5
    renew_s: float = 0.5
    watch_s: float = 0.1
    "How often a standby looks."
    again_s: float = 5.0
    """How long one that could not begin to serve lets the other try, at most; after the first time
    three looks of the other, then twice as long each time."""
    standby_missing_s: float = 15.0
    one_host: bool = False
    "Both run on one machine and in one process space: each can end the other."


# ---- what happened ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseRead:
    """The folder was read."""

    record: LeaseRecord | None
    "None: nobody ever took it."
    holder_gone: bool = False
    "The holder ran beside us, and its process is no more."
    floor: int = 0
    "The fence in the journal's head: a new one is above it, should the record have been lost."


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseWritten:
    """Our record is in the folder. `sent_at_s`: before the writing began."""

    record: LeaseRecord
    sent_at_s: float
    standbys: Mapping[str, int]
    "The beat of each standby whose file is there, by name."


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseRefused:
    """Nothing was written: a higher fence than we thought stands there."""

    fence: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderFailed:
    """The folder could not be read or written; with the remedy."""

    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HolderEnded:
    """`EndHolder` is done: its process is no more. `problem`: it is not, and why."""

    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServingEnded:
    """This process serves no longer, or could not begin to: everything is closed."""

    problem: str = ""
    "Why it could not begin; empty: it was told to stop."


@dataclass(frozen=True, slots=True, kw_only=True)
class StopAsked:
    """A planned stop: the process has closed everything, or never served."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Woke:
    """The time of `next_s` has come."""


PairEvent = (
    LeaseRead
    | LeaseWritten
    | LeaseRefused
    | FolderFailed
    | HolderEnded
    | ServingEnded
    | StopAsked
    | Woke
)

# ---- what is to be done ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadLease:
    """Read the folder, and leave word there that a standby is here."""

    beat: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeLease:
    """Put this record there, unless its fence or a higher one is there."""

    record: LeaseRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewLease:
    """Put this record in the place of ours, unless a higher fence is there."""

    record: LeaseRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class EndHolder:
    """End this process, beside us, which does not renew: it holds our sockets."""

    holder: Holder


@dataclass(frozen=True, slots=True, kw_only=True)
class BecomeActive:
    """Serve, with this fence."""

    fence: int
    until_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Prolong:
    """Serve until then."""

    until_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StandBy:
    """Serve no longer: close everything, say nothing more; then `ServingEnded`."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TellPair:
    """Something a person should know; an empty problem: it is over."""

    code: str
    problem: str = ""


FolderJob = ReadLease | TakeLease | RenewLease | EndHolder
"Done one at a time, beside the loop: a disk may hang."
PairAction = FolderJob | BecomeActive | Prolong | StandBy | TellPair
