"""Bytes of a CTI to typed messages and back; what is wrong is told with its place and the remedy.

Rule of this file: pure, and bounded by `Bounds`; nothing but `ProtocolError` is raised for what a
CTI sends, and what was refused has changed nothing.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, NoReturn, TypeVar

from pydantic import ValidationError

from site_agent.adapters.acd_events import AcdEvent, CallbackWanted, QueueChanged
from site_agent.adapters.http_push.said_by_cti import EVENT_KINDS, PROTOCOL, Batch, Hello, Problem
from site_agent.adapters.http_push.wire_models import WireModel, contract_values
from site_agent.core.attached_data import DataRefusedError, canonical

READ = TypeVar("READ", bound=WireModel)
PAGE = "docs/adapters/http_push.md"
VALUE_LETTERS_MAX = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """The largest things that are read."""

    body_bytes_max: int = 1_000_000
    batch_messages_max: int = 1000
    data_bytes_max: int = 65_536


class ProtocolError(ValueError):
    """What a CTI sent cannot be taken."""

    def __init__(self, problem: str, *, place: str = "", remedy: str = "", status: int = 400):
        super().__init__(f"{place}: {problem} ({remedy})" if place else f"{problem} ({remedy})")
        self.problem = problem
        self.place = place
        self.remedy = remedy
        self.status = status

    def told(self, *, taken: int = 0) -> Problem:
        """As the answer says it."""
        return Problem(
            status=self.status,
            detail=self.problem,
            place=self.place,
            remedy=self.remedy,
            taken=taken,
        )


def read_hello(body: bytes, bounds: Bounds) -> Hello:
    """The first word of a CTI. Raises ProtocolError."""
    hello = _read(Hello, body, bounds)
    if hello.protocol != PROTOCOL:
        raise ProtocolError(
            f"protocol {hello.protocol} is not spoken here",
            place="protocol",
            remedy=f"speak protocol {PROTOCOL}, or install a site agent that knows yours",
        )
    return hello


def read_batch(body: bytes, bounds: Bounds) -> Batch:
    """A numbered batch. Raises ProtocolError."""
    batch = _read(Batch, body, bounds)
    if len(batch.messages) > bounds.batch_messages_max:
        raise ProtocolError(
            f"{len(batch.messages)} messages in one batch",
            place="messages",
            remedy=f"send at most {bounds.batch_messages_max}, and the rest in the next batch",
            status=413,
        )
    return batch


def _read(kind: type[READ], body: bytes, bounds: Bounds) -> READ:
    if len(body) > bounds.body_bytes_max:
        raise ProtocolError(
            f"the body has {len(body)} bytes",
            remedy=f"send at most {bounds.body_bytes_max} bytes at once",
            status=413,
        )
    try:
        return kind.model_validate_json(body)
    except ValidationError as error:
        _refuse(error)


def _refuse(error: ValidationError) -> NoReturn:
    first = error.errors(include_url=False, include_context=False)[0]
    word = first["type"]
    value = first.get("input")
    shown = ""
    if isinstance(value, str | int | float | bool) and word not in ("missing", "json_invalid"):
        shown = f", got {json.dumps(value)[:VALUE_LETTERS_MAX]}"
    remedies = {
        "missing": "add it",
        "extra_forbidden": "remove it: no such key is known here",
        "json_invalid": "send one JSON object in UTF-8",
        "union_tag_not_found": "say the message's `type`",
    }
    remedy = remedies.get(word, f"see {PAGE} for what may stand there")
    raise ProtocolError(f"{first['msg']}{shown}", place=_place(first["loc"]), remedy=remedy)


def _place(loc: tuple[int | str, ...]) -> str:
    """`messages[3].state`; the kind of a message is left out, it stands in the body anyway."""
    place, in_messages = "", False
    for part in loc:
        if isinstance(part, int):
            place += f"[{part}]"
            in_messages = place == f"messages[{part}]"
            continue
        if not in_messages:
            place += f".{part}" if place else part
        in_messages = False
    return place


def as_event(message: WireModel, place: str, now_s: float, unix_s: float, most: int) -> AcdEvent:
    """A message as the event of the contract; durations become instants by the site's own clocks.

    `unix_s` is the time on the wall, `most` the bytes that attached data may have. Raises
    ProtocolError if the data cannot be taken.
    """
    kind = EVENT_KINDS[getattr(message, "type")]  # noqa: B009
    values = contract_values(kind, message)
    if "data" in values:
        values["data"] = data_bytes(values["data"], f"{place}.data", most)
    if kind is QueueChanged:
        waited_ms = getattr(message, "oldest_waited_ms")  # noqa: B009
        values["oldest_offered_at_s"] = None if waited_ms is None else now_s - waited_ms / 1000
    if kind is CallbackWanted:
        for name in ("from_unix_s", "until_unix_s"):
            values[name] = unix_s + values[name] if values[name] else 0.0
    event: AcdEvent = kind(**values)
    return event


def data_bytes(data: Any, place: str, most: int) -> bytes:
    """Attached data as its canonical bytes; empty if there is none. Raises ProtocolError."""
    if data is None:
        return b""
    try:
        return canonical(json.dumps(data).encode("utf-8"), most)
    except (DataRefusedError, ValueError, RecursionError) as error:
        remedy = f"attached data is one JSON object of at most {most} bytes"
        raise ProtocolError(str(error), place=place, remedy=remedy, status=422) from error
