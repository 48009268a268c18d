"""Cuts SIP messages from a byte stream.

Rule of this file: it knows Content-Length and the limits, and nothing else of what a message says.
"""

from __future__ import annotations

import re

from nrcli.sip.errors import MessageError
from nrcli.sip.limits import MessageLimits


class StreamFramer:
    """Cuts whole messages from the bytes of one TCP connection (RFC 3261 18.3)."""

    __slots__ = ("_buffer", "_limits", "_need")

    def __init__(self, limits: MessageLimits = MessageLimits()) -> None:  # noqa: B008
        self._buffer = bytearray()
        self._limits = limits
        self._need = 0

    @property
    def is_within(self) -> bool:
        """Whether a message has begun that is not whole yet."""
        return bool(self._buffer)

    def feed(self, data: bytes) -> list[bytes]:
        """Take what came; return the messages that are whole now.

        Raises: MessageError where the stream cannot be followed any more (no or bad Content-Length,
        too large): the connection must be closed, earlier messages of the same bytes are lost.
        """
        self._buffer += data
        messages = []
        while (message := self._cut()) is not None:
            messages.append(message)
        return messages

    def _cut(self) -> bytes | None:
        buffer = self._buffer
        if not self._need:
            if buffer.startswith((b"\r", b"\n")):
                del buffer[: len(buffer) - len(buffer.lstrip(b"\r\n"))]
            end = buffer.find(b"\r\n\r\n")
            if end < 0 and len(buffer) <= self._limits.head_bytes_max:
                return None
            if not 0 <= end <= self._limits.head_bytes_max:
                raise MessageError(513, "Message Too Large")
            self._need = end + 4 + self._content_length(bytes(buffer[:end]))
        if len(buffer) < self._need:
            return None
        message = bytes(buffer[: self._need])
        del buffer[: self._need]
        self._need = 0
        return message

    def _content_length(self, head: bytes) -> int:
        match = _CONTENT_LENGTH.search(head)
        if match is None:
            raise MessageError(400, "Missing Content-Length on a stream")
        length = int(match[1])
        if length > self._limits.body_bytes_max:
            raise MessageError(513, "Message Too Large")
        return length


_CONTENT_LENGTH = re.compile(
    rb"\r\n(?:content-length|l)[ \t]*:(?:\r\n)?[ \t]*(\d{1,9})[ \t]*(?=\r\n|\Z)", re.IGNORECASE
)
