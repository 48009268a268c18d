"""What is known of one policy over time: its versions, which of them decides where, its history.

Rule of this file: data only; `version_acts` changes it. A version never changes: going back makes a
new one that equals an old one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from routing_policies.errors import PolicyError

KEPT_MAX = 1_000
"Versions kept of one policy; those in use are kept beyond it."
DROPPED_AT_ONCE_MAX = 20
"Old versions, and old events, dropped by one act: one transaction has room for little more."
SCHEDULED_MAX = 20
TEXT_BYTES_MAX = 256 << 10
WORDS_MAX = 500
NOT_KNOWN = "unknown"


class VersionRefusedError(PolicyError):
    """An act that cannot be done; nothing changes."""

    def __init__(self, problem: str, remedy: str = "") -> None:
        super().__init__(f"{problem} ({remedy})" if remedy else problem)
        self.problem = problem
        self.remedy = remedy


class VersionChangedError(PolicyError):
    """Another version is live than the one the author saw; nothing changes."""

    def __init__(self, seen: int, live: int) -> None:
        super().__init__(f"you saw version {seen or 'none'}, now version {live or 'none'} is live")
        self.seen = seen
        self.live = live


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Who wants something, and why."""

    author: str
    reason: str
    at_unix_s: float
    if_version: int | None = None
    "Only while this version is live; 0: none is; None: whatever is live."
    override_freeze: str = ""
    "Why the freeze does not count; empty: it counts."


@dataclass(frozen=True, slots=True, kw_only=True)
class Canary:
    """A version that decides for a part of the calls."""

    version: int
    sites: tuple[str, ...] = ()
    "Callers who came in at one of these; empty: at any."
    services: tuple[str, ...] = ()
    "Callers who want one of these; empty: any."
    share: float = 1.0
    "Of those callers, this share, by a hash of the interaction id."


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheduled:
    """A version that becomes live at a time."""

    version: int
    at_unix_s: float
    author: str
    reason: str
    override_freeze: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyState:
    """Which versions of one policy there are and what they do now."""

    live: int = 0
    "0: the policy is not there, or was removed."
    digest: str = ""
    "Of the live text: another text under the same name was written past the versions."
    newest: int = 0
    kept_from: int = 1
    "Older versions are dropped, but for those in `held`."
    held: tuple[int, ...] = ()
    newest_event: int = 0
    events_from: int = 1
    shadow: int = 0
    "Decides beside the live one, without effect; 0: none."
    canary: Canary | None = None
    scheduled: tuple[Scheduled, ...] = ()
    texts: Mapping[int, str] = field(default_factory=dict)
    "Texts of `shadow` and `canary`, so that whoever knows this state can compile them."

    @property
    def in_use(self) -> frozenset[int]:
        """Versions that must not be dropped."""
        found = {self.live, self.shadow, *(one.version for one in self.scheduled)}
        if self.canary is not None:
            found.add(self.canary.version)
        return frozenset(found - {0})

    def keeps(self, version: int) -> bool:
        """Is that version there."""
        return self.kept_from <= version <= self.newest or version in self.held


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version as it is kept."""

    number: int
    text: str
    author: str
    reason: str
    published_at_unix_s: float
    action: str
    "publish | rollback | scheduled | stored | put | found"
    equals: int = 0
    "The version it was rolled back to."


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEvent:
    """One thing that happened to a policy."""

    number: int
    at_unix_s: float
    act: str
    version: int
    "The version it is about."
    live: int
    "The version that is live after it."
    author: str
    reason: str
    told: str
    "What happened, in words."


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What an act changes. No events: nothing changes."""

    state: PolicyState
    versions: tuple[Version, ...] = ()
    events: tuple[HistoryEvent, ...] = ()
    live_text: str | None = None
    "The text that becomes live; None: as before."
    dropped_versions: tuple[int, ...] = ()
    dropped_events: tuple[int, ...] = ()


def digest_of(text: str) -> str:
    """A short name of a text, equal for equal texts."""
    return sha256(text.encode()).hexdigest()[:16]


def told_canary(one: Canary) -> str:
    """Whom a canary decides for, in words."""
    share = f"{one.share * 100:g} % of " if one.share < 1.0 else ""
    services = f" for {', '.join(one.services)}" if one.services else ""
    sites = f" from {', '.join(one.sites)}" if one.sites else ""
    return f"{share}the calls{services}{sites}"
