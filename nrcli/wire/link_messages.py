"""How a link begins, stays alive and is refused, and who leads a domain.

Rule of this file: frozen data only; `messages.py` says who may say which, and on which lane.
"""

from __future__ import annotations

from dataclasses import dataclass

from nrcli.wire.words import NO_EPOCH, VERSION_NEWEST, VERSION_OLDEST, Epoch


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownEpoch:
    """The highest epoch a site has stored for one domain."""

    domain: str
    epoch: Epoch


@dataclass(frozen=True, slots=True, kw_only=True)
class Hello:
    """First message of a site on a stream."""

    site: str
    incarnation: int
    "Grows at every start of the site agent; a lower one is refused while a higher one is known."
    version_newest: int = VERSION_NEWEST
    version_oldest: int = VERSION_OLDEST
    epochs: tuple[KnownEpoch, ...] = ()
    handlers: bool = False
    "Reads documents of kind `Handler`, and sends callers there."
    shifts: bool = False
    "Takes `ShiftOrders`; older sites do not, and must not be sent one."
    traces: bool = False
    "Answers `TraceAsk`; older sites do not, and must not be sent one."


@dataclass(frozen=True, slots=True, kw_only=True)
class Welcome:
    """A node accepts the link and says which version is spoken."""

    node: str
    version: int
    heartbeat_s: float
    silence_s_max: float
    "Silence after which either end calls the link dead."
    pre_routes: bool = False
    "Takes `PreRouteAsk` of sites; older nodes do not, and must not be sent one."
    records: bool = False
    "Takes `AgentStateRecord` and `TrunkBusyRecord`; older nodes do not, and must not be sent one."


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRefused:
    """A node refuses the link: `code` for programs, `reason` for people."""

    code: str
    "version | identity | unknown_site | incarnation | sequence | overload | draining"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Heartbeat:
    """Sent when nothing else was for `heartbeat_s`."""


# ---- leadership --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Leading:
    """A node says that it leads a domain; the site stores the epoch, then acknowledges."""

    domain: str
    epoch: Epoch
    node: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadingAck:
    """From now on this site refuses lower epochs of this domain."""

    domain: str
    epoch: Epoch


@dataclass(frozen=True, slots=True, kw_only=True)
class NotLeading:
    """A node that does not lead was asked to decide; the site asks the right one, or acts alone.

    Also told unasked, to every site that was told `Leading`, when a leader stops leading.
    """

    domain: str
    request_id: str
    "Empty when nothing was asked: the sender led, and leads no more."
    leader: str
    """Name of the node believed to lead, or empty; the sender itself where it leads and has not yet
    heard that the site obeys it."""
    epoch: Epoch = NO_EPOCH
    "Of the sender's latest leadership: one that the site heard of since stands. None: unknown."

    def ends(self, epoch: Epoch) -> bool:
        """Is a leadership of the sender with this epoch over?"""
        return self.epoch == NO_EPOCH or self.epoch >= epoch


@dataclass(frozen=True, slots=True, kw_only=True)
class EpochRefused:
    """A site refused a command: it knows a higher epoch, or the same one of another node."""

    domain: str
    highest: Epoch
    request_id: str
    claimed_by: str = ""
    "The node that claimed `highest`; empty where the site does not know."
