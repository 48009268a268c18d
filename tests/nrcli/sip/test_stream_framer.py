"""Streams are cut into messages wherever the bytes happen to be divided."""

import pytest

from nrcli.sip.errors import MessageError
from nrcli.sip.stream_framer import StreamFramer
from site_agent.sip.settings import MessageLimits

ONE = b"OPTIONS sip:a@b SIP/2.0\r\nl : 4\r\nTo: x\r\n\r\nab\r\n"
TWO = b"SIP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n"


@pytest.mark.parametrize("size", [1, 2, 3, 7, 50, 1000])
def test_messages_are_whole_however_they_come(size: int) -> None:
    stream = b"\r\n\r\n" + ONE + b"\r\n" + TWO + ONE
    framer = StreamFramer()
    found = [m for i in range(0, len(stream), size) for m in framer.feed(stream[i : i + size])]
    assert found == [ONE, TWO, ONE]


@pytest.mark.parametrize(
    "stream",
    [
        b"INVITE sip:a@b SIP/2.0\r\nTo: x\r\n\r\n",
        b"INVITE sip:a@b SIP/2.0\r\nContent-Length: -5\r\n\r\n",
        b"INVITE sip:a@b SIP/2.0\r\nContent-Length: 99999999\r\n\r\n",
        b"x" * 40_000,
    ],
)
def test_a_stream_that_cannot_be_followed_is_refused(stream: bytes) -> None:
    with pytest.raises(MessageError):
        StreamFramer().feed(stream)


def test_the_buffer_has_a_limit() -> None:
    framer = StreamFramer(MessageLimits(head_bytes_max=100))
    with pytest.raises(MessageError):
        for _ in range(200):
            framer.feed(b"x")


def test_it_knows_whether_a_message_has_begun() -> None:
    framer = StreamFramer()
    framer.feed(b"\r\n" + ONE[:5])
    assert framer.is_within
    framer.feed(ONE[5:])
    assert not framer.is_within
