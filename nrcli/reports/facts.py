"""What a report is worked out from: what happened to callers, agents and trunks, in plain facts.

Rule of this file: data only. A fact is one record read (`record_facts`), whole microseconds
throughout, so that sums do not depend on the order in which records are read.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class End(Enum):
    """How a caller's stay in a queue ended: each stay has one end."""

    ANSWERED = "answered"
    ABANDONED = "abandoned"
    MOVED_OUT = "moved_out"
    REDIRECTED = "redirected"
    REFUSED = "refused"
    FAILED = "failed"
    NO_ANSWER = "no_answer"
    "The carrier's timer ended a call that nobody had answered."
    CALLBACK = "callback"
    "Promised to be called back."
    WAITING = "waiting"
    "No end is known yet."


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """One caller in one queue of one site, from coming in to what became of them."""

    interaction_id: str
    leg_id: str
    site: str
    queue: str
    end: End
    offered_us: int
    "Since 1970, when they came into the queue here."
    decided_us: int
    "When the stay ended: the agent's answer, or the end without one."
    waited_us: int
    "Since they first came into a queue of the network; a move does not begin it anew."
    came_in: bool = True
    "Into a queue; False: turned away before."
    moved_in: bool = False
    "By a move of another site."
    service: str = ""
    tenant: str = ""
    trunk_group: str = ""
    agent: str = ""
    ani: str = ""
    token: str = ""
    left_token: str = ""
    "The `token` of the stay that this one was moved to."
    target_site: str = ""
    entry_site: str = ""
    method: str = ""
    path: str = ""
    reason: str = ""
    ewt_us: int | None = None
    "Expected wait on coming in; None: none was known."
    threshold_us: int = 0
    "Of the service level; 0: not told."

    @property
    def entered_us(self) -> int:
        """When the caller came into the first queue of the network, by the clock of this site."""
        return self.decided_us - self.waited_us


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One agent's part in one call."""

    interaction_id: str
    site: str
    agent: str
    ended_us: int
    "When the agent's leg was over; after-call work follows."
    answered: bool
    queue: str = ""
    service: str = ""
    tenant: str = ""
    trunk_group: str = ""
    rang_us: int = 0
    talked_us: int = 0
    held_us: int = 0
    acw_us: int = 0
    passed_on: bool = False
    "The agent transferred the caller."
    foreign: bool = False
    "The caller had entered at another site."


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A promise to call back, which ended."""

    site: str
    queue: str
    reached: bool
    ended_us: int
    service: str = ""
    tenant: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """One time an agent was in one state."""

    site: str
    agent: str
    state: str
    "null | not_ready | ready | reserved | busy | working_after_call"
    began_us: int
    lasted_us: int
    tenant: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelUse:
    """One channel of a trunk group, from set-up to release."""

    site: str
    trunk_group: str
    began_us: int
    ended_us: int
    tenant: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AllBusy:
    """One time in which no channel of a trunk group was free."""

    site: str
    trunk_group: str
    began_us: int
    lasted_us: int
    tenant: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """One answer of the router."""

    interaction_id: str
    request_id: str
    origin_site: str
    outcome: str
    target_site: str
    at_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that one report reads, in any order."""

    stays: tuple[Stay, ...] = ()
    works: tuple[Work, ...] = ()
    promises: tuple[Promise, ...] = ()
    spells: tuple[Spell, ...] = ()
    channels: tuple[ChannelUse, ...] = ()
    all_busy: tuple[AllBusy, ...] = ()
    decided: tuple[Decided, ...] = ()

    def __add__(self, other: Facts) -> Facts:
        return Facts(
            stays=self.stays + other.stays,
            works=self.works + other.works,
            promises=self.promises + other.promises,
            spells=self.spells + other.spells,
            channels=self.channels + other.channels,
            all_busy=self.all_busy + other.all_busy,
            decided=self.decided + other.decided,
        )
