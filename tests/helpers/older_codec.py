"""The codec of the version before: as ours, without the fields that are new since then.

Rule of this file: bytes are taken as an older program would take and write them: by a description
of the messages in which the new fields do not stand. At a release the list begins anew.
"""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Mapping
from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

from nrcli.wire.codec import PACKAGE, Codec, Message, ReceivedFrame, Speaker
from nrcli.wire.generated.nirc_link_descriptor import FILE_DESCRIPTOR_SET

NEW_FIELDS: Mapping[str, frozenset[str]] = {
    "Hello": frozenset({"handlers", "shifts"}),
    "PreRouteAsk": frozenset({"handlers"}),
    "QueueReport": frozenset({"left_count", "in_time_count"}),
    "RouteAnswer": frozenset({"handler", "probe_round"}),
    "RouteRequest": frozenset({"failed_ways"}),
    "SiteStanding": frozenset({"alarms", "pools"}),
    "TransferOutcome": frozenset({"through_carrier", "detail"}),
    "WaitingCallReport": frozenset({"failed_ways"}),
    "Welcome": frozenset({"pre_routes"}),
}
"By message."


class OlderCodec(Codec):
    """What it says has no new field, and it passes over those it hears."""

    def __init__(self) -> None:
        super().__init__()
        self._pool = _older_pool()

    def encode(self, message: Message) -> bytes:
        return self._passed("Envelope", super().encode(message))

    def decode(self, data: bytes, speaker: Speaker) -> ReceivedFrame:
        return super().decode(self._passed("Frame", data), speaker)

    def _passed(self, kind: str, data: bytes) -> bytes:
        found = self._pool.FindMessageTypeByName(f"{PACKAGE}.{kind}")
        taken = message_factory.GetMessageClass(found).FromString(data)
        taken.DiscardUnknownFields()
        return bytes(taken.SerializeToString())


def _older_pool() -> Any:
    pool = descriptor_pool.DescriptorPool()
    for file in descriptor_pb2.FileDescriptorSet.FromString(FILE_DESCRIPTOR_SET).file:
        for message in file.message_type:
            new = NEW_FIELDS.get(message.name, frozenset())
            assert new <= {field.name for field in message.field}, f"{message.name} has no {new}"
            kept = [field for field in message.field if field.name not in new]
            del message.field[:]
            message.field.extend(kept)
        pool.Add(file)
    return pool


def as_older(message: Any) -> Any:
    """A message as an older end says or hears it: new fields stand at their defaults."""
    if not dataclasses.is_dataclass(message):
        return tuple(map(as_older, message)) if isinstance(message, tuple) else message
    new = NEW_FIELDS.get(type(message).__name__, frozenset())
    values = {}
    for field in dataclasses.fields(message):
        if field.name not in new:
            values[field.name] = as_older(getattr(message, field.name))
        else:
            assert field.default is not dataclasses.MISSING, f"{field.name} needs a default"
    return type(typing.cast(Any, message))(**values)
