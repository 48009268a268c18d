"""What a CTI says: its hello, numbered batches of messages, and a snapshot of all it has.

Rule of this file: models only. Who is not understood is told why by `http_push_protocol`.
"""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from nrcli.wire.messages import TransferMethod
from site_agent.adapters.acd_events import (
    AgentChanged,
    CallOffered,
    QueueChanged,
    TrunkChanged,
)
from site_agent.adapters.base import HoldLevel
from site_agent.adapters.http_push.offered import EVENTS
from site_agent.adapters.http_push.wire_models import (
    Count,
    Name,
    Text,
    WireModel,
    wire_model,
    wire_type,
)

PROTOCOL = 1
"Raised when an old CTI would misunderstand; a new optional field is no new protocol."
LISTED_MAX = 20_000
"Agents, calls or holds in one snapshot."
NUMBER_MAX = 2**53 - 1
"JSON readers take larger whole numbers for something else."
if TYPE_CHECKING:
    # Models that are made from the contract have no static fields.
    AgentSaid = Any
    QueueSaid = Any
    TrunkSaid = Any
    CallSaid = WireModel
else:
    AgentSaid, QueueSaid = wire_model(AgentChanged), wire_model(QueueChanged)
    TrunkSaid, CallSaid = wire_model(TrunkChanged), wire_model(CallOffered)
Number = Annotated[int, Field(ge=1, le=NUMBER_MAX)]
InsertLevel = Literal["exact", "position", "none"]


class CtiCapabilities(WireModel):
    """What the CTI can do. What it cannot do is never asked of it."""

    hold_agent: HoldLevel = HoldLevel.NONE
    "`exact`: reserved in the ACD; `pause`: paused with a reason; `none`: only places are promised."
    hold_place: bool = False
    "It wants to be asked for places too; else the site agent counts them by the queue's figures."
    insert_by_age: InsertLevel = "none"
    "Where an arriving caller enters the queue: by age, at a position, or at the end."
    methods: tuple[TransferMethod, ...] = ()
    "How it can move a call."
    announce: bool = False
    "It tells a waiting caller position and expected wait."
    announcements: Annotated[tuple[Name, ...], Field(max_length=1000)] = ()
    "Announcements that it can play, by name."
    probe_caller: bool = False
    "It can ask the caller's own device whether the call stands."
    dial: bool = False
    "It calls people back."
    test_calls: bool = False
    "It places and answers test calls (`place_probe`, `answer_probe`), which ring nobody."


class Hello(WireModel):
    """The first word of a CTI, and after every restart of its own: begins a session."""

    protocol: int
    vendor: Text = ""
    product: Text = ""
    version: Text = ""
    capabilities: CtiCapabilities = CtiCapabilities()


class SnapshotCall(CallSaid):
    """A call that the CTI has now: as it was offered, and what became of it."""

    answered: bool = False
    "The caller was answered, by an agent or with media."
    agent: Text = ""
    "Who talks with the caller; empty: it waits."
    token: Text = ""
    "It came by this token and nothing was said about it yet: as `call_arriving`."
    invite_key: Text = ""


class Snapshot(WireModel):
    """All that the CTI has now. What is not in it is gone."""

    type: Literal["snapshot"] = "snapshot"
    agents: Annotated[tuple[AgentSaid, ...], Field(max_length=LISTED_MAX)] = ()
    queues: Annotated[tuple[QueueSaid, ...], Field(max_length=1000)] = ()
    trunk_groups: Annotated[tuple[TrunkSaid, ...], Field(max_length=1000)] = ()
    calls: Annotated[tuple[SnapshotCall, ...], Field(max_length=LISTED_MAX)] = ()
    holds: Annotated[tuple[Name, ...], Field(max_length=LISTED_MAX)] = ()
    "Ids of the holds that the CTI keeps."


class Ack(WireModel):
    """Every command up to this number was taken, and is not sent again."""

    type: Literal["ack"] = "ack"
    up_to: Number


class CommandFailed(WireModel):
    """A command was taken and cannot be carried out."""

    type: Literal["command_failed"] = "command_failed"
    number: Number
    problem: Text


EVENT_KINDS: dict[str, Any] = {wire_type(kind): kind for kind in EVENTS}
"Events of the contract by their `type` on the wire."
OWN_MESSAGES = (Snapshot, Ack, CommandFailed)
Message: Any = Annotated[
    reduce(or_, [*OWN_MESSAGES, *(wire_model(kind) for kind in EVENT_KINDS.values())]),
    Field(discriminator="type"),
]


class Batch(WireModel):
    """Messages of one session, in order. An empty batch says that the CTI is alive."""

    session: Name
    seq: Number
    "One more than the batch before; a batch that was not answered is sent again with its number."
    messages: tuple[Message, ...] = ()


class HeardLevels(WireModel):
    """What the site agent took of the CTI's capabilities, clipped by its own settings."""

    hold_agent: HoldLevel
    methods: tuple[TransferMethod, ...]


class Welcome(WireModel):
    """The answer to `Hello`."""

    protocol: int
    session: Name
    site: Text = ""
    next_seq: Number
    "The number of the first batch, which begins with a snapshot."
    heartbeat_ms: Count
    "Send a batch at least this often, an empty one if there is nothing to say."
    silence_ms: Count
    "After this long without a batch nothing is promised for the CTI's agents."
    batch_messages_max: Count
    body_bytes_max: Annotated[int, Field(ge=1)]
    capabilities: HeardLevels
    queues: tuple[Name, ...]
    "Queues that the site's settings name; others are not heard."
    trunk_groups: tuple[Name, ...]


class Taken(WireModel):
    """The answer to a batch: it was taken, now or before."""

    taken: Annotated[int, Field(ge=0)]
    "Number of the last batch that was taken."
    want: Literal["", "snapshot", "hello"] = ""
    "What the CTI is to send next, before anything else."
    notes: tuple[str, ...] = ()
    "What was left out, and why: names that the site does not know, calls that are over."


class Problem(WireModel):
    """An answer in words (RFC 9457): nothing was taken."""

    status: int
    detail: str
    place: str = ""
    "Where in the body, e.g. `messages[3].state`."
    remedy: str = ""
    want: Literal["", "snapshot", "hello"] = ""
    taken: Annotated[int, Field(ge=0)] = 0
