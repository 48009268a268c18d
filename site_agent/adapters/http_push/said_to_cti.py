"""What a CTI is told: numbered commands, those of the contract and a few of this adapter's own.

Rule of this file: models and their JSON only. A command is told as often as it takes until it is
acknowledged, always with the same number: who has done it once does it no second time.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from pydantic import JsonValue, create_model

from site_agent.adapters.acd_commands import AcdCommand
from site_agent.adapters.http_push.offered import COMMANDS
from site_agent.adapters.http_push.said_by_cti import Number
from site_agent.adapters.http_push.wire_models import (
    WireModel,
    as_wire,
    wire_model,
    wire_type,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SendSnapshot:
    """Something is missing: send a batch that begins with a snapshot."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenPop:
    """An agent talks with a caller: what their screen is to show. An empty `url`: nothing to open.

    Told again when attached data came late.
    """

    call_id: str
    agent: str
    interaction_id: str
    queue: str
    ani: str
    url: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class TestOrder:
    """Only the conformance kit says it: have the PBX, or the person who tests, do this."""

    order: str
    "ready | busy | not_ready | caller_enters | caller_leaves | token_arrives | next_move"
    agent: str = ""
    queue: str = ""
    call_id: str = ""
    token: str = ""
    outcome: str = ""
    "Of `next_move`: takes | refuses."
    text: str = ""
    "The order in words, for a person."


OwnCommand = SendSnapshot | ScreenPop | TestOrder
PushCommand = AcdCommand | OwnCommand
COMMAND_KINDS: dict[str, Any] = {
    wire_type(kind): kind for kind in (*COMMANDS, SendSnapshot, ScreenPop)
}
"All that a vendor must read, by `type`."


def command_model(kind: Any) -> type[WireModel]:
    """The model of one numbered command."""
    return create_model(kind.__name__, __base__=wire_model(kind), number=(Number, ...))


def told(number: int, command: PushCommand) -> dict[str, JsonValue]:
    """One command as JSON."""
    return {"number": number, **as_wire(command)}


def told_bytes(number: int, command: PushCommand) -> bytes:
    """One command as bytes, on one line."""
    return json.dumps(told(number, command), separators=(",", ":")).encode("utf-8")


def event_bytes(number: int, command: PushCommand) -> bytes:
    """One command as a server-sent event, its number as the event's id."""
    return b"id: %d\nevent: command\ndata: %s\n\n" % (number, told_bytes(number, command))


class Commands(WireModel):
    """The answer to a long poll; empty: nothing came in the time."""

    commands: tuple[dict[str, JsonValue], ...]
