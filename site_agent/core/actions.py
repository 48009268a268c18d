"""What a site daemon wants done: every action its core returns, ACD commands included."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from nrcli.sip.redirect_words import PreRouteTold
from nrcli.wire.messages import Epoch, SiteMessage
from routing_policies.call_numbers import NumberReader
from site_agent.adapters.base import AcdCommand


@dataclass(frozen=True, slots=True, kw_only=True)
class SendToNode:
    """Send on the stream to one node; dropped if it is down."""

    node: str
    message: SiteMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveEpoch:
    """Write the highest epoch of a domain to disk (fsync), then `EpochSaved`."""

    domain: str
    epoch: Epoch
    node: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveSiteTable:
    """Keep the operator's site table on disk for the next start."""

    revision: int
    site_table: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveSiteDocuments:
    """Keep the documents that are in use on disk for the next start."""

    revision: int
    documents: bytes
    "JSON of `kind/name` to YAML text."


@dataclass(frozen=True, slots=True, kw_only=True)
class SavePeerPlan:
    """Keep the peer plan on disk for the next start."""

    text: str
    by_hand: bool = False
    "It came from the site's own file, which is to stay as it is; only a copy is kept."


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalPut:
    """Keep this in the journal; it takes the place of what was kept under the same kind and key.

    It is in the file before any later action of the turn is carried out.
    """

    kind: str
    key: str
    value: dict[str, Any]
    "Plain values only (`plain_values`)."
    sync: bool = False
    "It must survive a power cut too: later actions wait until the disk has it."


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalDrop:
    """Keep this in the journal no longer; unknown ones are fine."""

    kind: str
    key: str
    sync: bool = False
    "As of `JournalPut`."


@dataclass(frozen=True, slots=True, kw_only=True)
class UseNumbers:
    """The ACD reads new calls by the network's number plans and lists; None: no longer."""

    numbers: NumberReader | None
    unix_offset_s: float
    "Wall time minus boot time: calendars follow the clock on the wall."


@dataclass(frozen=True, slots=True, kw_only=True)
class TellCti:
    """Give the centre's own CTI an event (screen-pop with attached data, late data)."""

    kind: str
    call_id: str
    agent: str
    interaction_id: str
    data: bytes
    reason: str = ""
    "Why there is no data, if there should be."
    ani: str = ""
    queue: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteHistory:
    """One line of the site's history: what the checkers of the invariants read.

    `kind` and its fields are listed in docs/history.md.
    """

    kind: str
    fields: dict[str, str | int | float | bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class StartTimer:
    """Fire `TimerFired(name)` at `at_s`; a second start of the same name moves it."""

    name: str
    at_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class StopTimer:
    """Forget a timer; unknown names are fine."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RaiseAlarm:
    """Something a person should know."""

    code: str
    place: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearAlarm:
    """The cause of an alarm is gone."""

    code: str
    place: str


Action = (
    AcdCommand
    | SendToNode
    | SaveEpoch
    | SaveSiteTable
    | SaveSiteDocuments
    | SavePeerPlan
    | JournalPut
    | JournalDrop
    | UseNumbers
    | TellCti
    | WriteHistory
    | PreRouteTold
    | StartTimer
    | StopTimer
    | RaiseAlarm
    | ClearAlarm
)
