"""Turns messages into bytes and bytes into messages: the only file that sees protobuf.

Rule of this file: what arrives is believed only when every part of it is known, complete and
within the limits; anything else is a `RemoteProtocolError` that names the place. Fields that a
newer version added are ignored, as protobuf does; values and messages it added are refused.
"""

from __future__ import annotations

import re
import typing
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache, lru_cache
from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.message import DecodeError, EncodeError

from nrcli.errors import LocalProtocolError, RemoteProtocolError
from nrcli.wire.generated.nirc_link_descriptor import FILE_DESCRIPTOR_SET
from nrcli.wire.message_code import UNIONS, CodecLimits, write_functions
from nrcli.wire.messages import Entity, NodeMessage, PeerMessage, SiteMessage, SiteToSite

Message = SiteMessage | NodeMessage | PeerMessage
PACKAGE = "nirc.link"
_ENVELOPES_TAG = b"\x1a"
_REMEDY = "add it to nirc_link.proto and run scripts/generate_proto.sh"


class Speaker(Enum):
    """Who is heard on a stream; each may say its own messages only."""

    SITE = "site"
    NODE = "node"
    PEER = "peer"


SAYS: dict[Speaker, tuple[type, ...]] = {
    Speaker.SITE: typing.get_args(SiteMessage),
    Speaker.NODE: typing.get_args(NodeMessage),
    Speaker.PEER: typing.get_args(PeerMessage),
}
ALL_MESSAGES: tuple[type, ...] = tuple(dict.fromkeys(sum(SAYS.values(), ())))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedFrame:
    """One batch as it came in."""

    seq: int
    "Counts the frames of one stream and direction from 1."
    ack: int
    "Highest seq that the sender had received."
    messages: tuple[Message, ...]


def snake_case(name: str) -> str:
    """`LeadingAck` becomes `leading_ack`: the name of a message's field in a oneof."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def varint(number: int) -> bytes:
    """Protobuf's variable-length form of a number that is not negative."""
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


_LENGTHS = tuple(varint(number) for number in range(1024))
"Lengths of usual messages, ready made."


def _length(data: bytes) -> bytes:
    return _LENGTHS[len(data)] if len(data) < len(_LENGTHS) else varint(len(data))


@lru_cache(maxsize=1)
def _pool() -> descriptor_pool.DescriptorPool:
    pool = descriptor_pool.DescriptorPool()
    for file in descriptor_pb2.FileDescriptorSet.FromString(FILE_DESCRIPTOR_SET).file:
        pool.Add(file)
    return pool


def _wire_class(name: str) -> Any:
    return message_factory.GetMessageClass(_pool().FindMessageTypeByName(f"{PACKAGE}.{name}"))


def _enum_number(enum: type[Enum], member: Enum) -> int:
    descriptor = _pool().FindEnumTypeByName(f"{PACKAGE}.{enum.__name__}")
    name = f"{snake_case(enum.__name__).upper()}_{member.name}"
    if name not in descriptor.values_by_name:
        raise LocalProtocolError(f"{enum.__name__}.{member.name} has no number: {_REMEDY}")
    return int(descriptor.values_by_name[name].number)


@cache
def codec_for(limits: CodecLimits) -> Codec:
    """The codec of all who have these limits: it has no state, and takes a while to be built."""
    return Codec(limits)


class Codec:
    """Messages to bytes and back, within `limits`. Holds no state between calls."""

    def __init__(self, limits: CodecLimits | None = None) -> None:
        self.limits = limits or CodecLimits()
        unions = {name: self._union(union, name) for union, name in UNIONS.items()}
        self._functions = write_functions(
            ALL_MESSAGES, self.limits, _wire_class, _enum_number, unions
        )
        self._frame_class = _wire_class("Frame")
        fields = _wire_class("Envelope").DESCRIPTOR.fields_by_name
        self._encoders: dict[type, tuple[bytes, Callable[[Any], Any]]] = {}
        for message in ALL_MESSAGES:
            tag = varint(fields[snake_case(message.__name__)].number << 3 | 2)
            self._encoders[message] = (tag, self._functions[f"encode_{message.__name__}"])
        self._decoders = {speaker: self._decoders_of(says) for speaker, says in SAYS.items()}

    def _decoders_of(self, says: tuple[type, ...]) -> dict[str, Callable[[Any], Message]]:
        return {snake_case(m.__name__): self._functions[f"decode_{m.__name__}"] for m in says}

    def _union(self, union: Any, oneof: str) -> tuple[Callable[[Any], Any], Callable[[Any], Any]]:
        """The two functions of a oneof inside a message."""
        holder = _wire_class({Entity: "Entity", SiteToSite: "SiteToSite"}[union])
        names = {kind: snake_case(kind.__name__) for kind in typing.get_args(union)}
        classes = {name: kind.__name__ for kind, name in names.items()}

        def encode(message: Any) -> Any:
            kind = type(message)
            if kind not in names:
                raise LocalProtocolError(f"{kind.__name__} is no {holder.DESCRIPTOR.name}")
            inner = self._functions[f"encode_{kind.__name__}"](message)
            return holder(**{names[kind]: inner})

        def decode(held: Any) -> Any:
            name = held.WhichOneof(oneof)
            if name is None:
                raise RemoteProtocolError(f"{holder.DESCRIPTOR.name} is empty or of no known kind")
            return self._functions[f"decode_{classes[name]}"](getattr(held, name))

        return encode, decode

    def encode(self, message: Message) -> bytes:
        """One message as an envelope, ready for `join`.

        Raises LocalProtocolError if a field is of a wrong type, out of range or oversized.
        """
        try:
            tag, function = self._encoders[type(message)]
            body: bytes = function(message).SerializeToString()
        except LocalProtocolError:
            raise
        except (
            TypeError,
            ValueError,
            AttributeError,
            KeyError,
            OverflowError,
            EncodeError,
        ) as error:
            raise LocalProtocolError(f"{type(message).__name__} cannot be sent: {error}") from error
        if len(body) > self.limits.frame_bytes_max - 64:
            raise LocalProtocolError(f"{type(message).__name__}: {len(body)} bytes is too much")
        return tag + _length(body) + body

    def join(self, seq: int, ack: int, envelopes: Sequence[bytes]) -> bytes:
        """A frame of envelopes made by `encode`."""
        parts = [b"\x08", varint(seq), b"\x10", varint(ack)]
        for envelope in envelopes:
            parts += (_ENVELOPES_TAG, _length(envelope), envelope)
        return b"".join(parts)

    def decode(self, data: bytes, speaker: Speaker) -> ReceivedFrame:
        """A whole frame said by `speaker`; raises RemoteProtocolError and believes nothing."""
        if len(data) > self.limits.frame_bytes_max:
            raise RemoteProtocolError(f"frame of {len(data)} bytes is oversized")
        try:
            frame = self._frame_class.FromString(data)
        except (DecodeError, ValueError) as error:
            raise RemoteProtocolError("frame is not in the form of nirc_link.proto") from error
        if len(frame.envelopes) > self.limits.envelopes_max:
            raise RemoteProtocolError(f"frame of {len(frame.envelopes)} messages is oversized")
        decoders = self._decoders[speaker]
        messages: list[Message] = []
        for envelope in frame.envelopes:
            name = envelope.WhichOneof("message")
            if name not in decoders:
                raise RemoteProtocolError(_not_said(name, speaker))
            messages.append(decoders[name](getattr(envelope, name)))
        return ReceivedFrame(seq=frame.seq, ack=frame.ack, messages=tuple(messages))


def _not_said(name: str | None, speaker: Speaker) -> str:
    if name is None:
        return "envelope is empty or of no known kind"
    return f"a {speaker.value} may not say {name}"
