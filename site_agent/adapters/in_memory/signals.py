"""What an ACD in memory wants of the network around it; a test or the simulator plays that network.

Rule of this file: data only.
"""

from __future__ import annotations

from dataclasses import dataclass

from nrcli.wire.messages import TransferMethod


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """200 to the caller's INVITE; the network gives `acknowledged` for it."""

    call_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A final error to the caller's INVITE."""

    call_id: str
    sip_status: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Redirected:
    """302 with these Contacts, best first; the network gives `redirect_acknowledged` for it."""

    call_id: str
    move_id: str
    contacts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Referred:
    """REFER (or a bridge's INVITE) to this address; the network gives `progress` for it."""

    call_id: str
    move_id: str
    method: TransferMethod
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BridgeAborted:
    """CANCEL of a bridge's INVITE; it will not be joined any more."""

    call_id: str
    move_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HungUp:
    """BYE to the caller."""

    call_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Probed:
    """re-INVITE in the old dialog; the network gives `probed` for it."""

    call_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Announced:
    """An announcement was played to the caller."""

    call_id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialing:
    """The telephone of a caller who is called back rings; the network gives `dialed` for it."""

    call_id: str
    number: str
    interaction_id: str


Signal = (
    Dialing
    | Answered
    | Refused
    | Redirected
    | Referred
    | BridgeAborted
    | HungUp
    | Probed
    | Announced
)
