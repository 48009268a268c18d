"""Event Socket messages are read whole, in pieces, within limits; commands hold one line."""

from __future__ import annotations

import random

import esl_wire
import pytest

from site_agent.adapters.freeswitch import esl_protocol as esl

EVENT = esl_wire.event(
    "CUSTOM",
    {"Event-Subclass": "callcenter::info", "CC-Action": "member-queue-start", "name": "Zoë %41\n"},
    now_unix_s=1.5,
    body="a body\n\nof its own",
)
SAMPLES = (
    esl_wire.auth_request(),
    esl_wire.reply("+OK accepted"),
    esl_wire.reply("+OK Job-UUID: j1", "j1"),
    esl_wire.response("name|status\nanna@default|Available\n+OK\n"),
    EVENT,
    esl_wire.disconnect_notice(),
    b"Content-Type: text/rude-rejection\nContent-Length: 24\n\nAccess Denied, go away.\n",
    b"Content-Type: log/data\nContent-Length: 3\n\nabc",
)


def read(data: bytes, step: int = 0) -> list[esl.EslMessage]:
    reader = esl.EslReader()
    size = step or len(data)
    return [
        message
        for start in range(0, len(data), size)
        for message in reader.feed(data[start : start + size])
    ]


@pytest.mark.parametrize("step", [0, 1, 7])
def test_every_kind_is_read_whole_and_in_pieces(step: int) -> None:
    found = read(b"".join(SAMPLES), step)
    assert [type(one) for one in found] == [
        esl.AuthRequest,
        esl.CommandReply,
        esl.CommandReply,
        esl.ApiResponse,
        esl.EslEvent,
        esl.Goodbye,
        esl.Goodbye,
    ]
    reply, job, response, event = found[1:5]
    assert isinstance(reply, esl.CommandReply) and reply.good
    assert isinstance(job, esl.CommandReply) and job.job == "j1"
    assert isinstance(response, esl.ApiResponse) and response.good
    assert isinstance(event, esl.EslEvent)
    assert (event.name, event.subclass) == ("CUSTOM", "callcenter::info")
    assert event.get("name") == "Zoë %41\n" and event.body == "a body\n\nof its own"
    assert event.get("nothing") == ""


@pytest.mark.parametrize(
    "data",
    [
        b"x" * (esl.HEAD_BYTES_MAX + 3),
        b"Content-Type: api/response\nContent-Length: -1\n\n",
        b"Content-Type: api/response\nContent-Length: 99999999999\n\n",
        b"Content-Type: api/response\nContent-Length: \xc2\xb2\n\n",
        b"no colon here\n\n",
        b"Content-Type: text/event-plain\nContent-Length: 4\n\na: b",
        b"Content-Type: text/event-plain\nContent-Length: 32\n\nEvent-Name: X\nContent-Length: "
        b"9\n\n",
        b"a:b\n" * (esl.LINES_MAX + 1) + b"\n",
    ],
)
def test_what_is_none_is_refused_once_and_for_all(data: bytes) -> None:
    reader = esl.EslReader()
    with pytest.raises(esl.EslError):
        reader.feed(data)
    with pytest.raises(esl.EslError, match="given up"):
        reader.feed(b"")


def test_pairs_that_are_none_stay_as_they_are() -> None:
    assert esl.url_decoded(b"100%25 %zz %4") == b"100% %zz %4"


@pytest.mark.parametrize("text", ["", "a\nb", "a\rb", "a\0b", "a\u2028b", "x" * 9000])
def test_no_line_end_enters_a_command(text: str) -> None:
    with pytest.raises(esl.UnsafeCommandError):
        esl.api(text) if text else esl.line_of(text)
    with pytest.raises(esl.UnsafeCommandError):
        esl.execute("u1", "respond", text) if text else esl.word(text)


@pytest.mark.parametrize("text", ["a b", "a,b", "a;b", "${x}", "a'b", 'a"b', "a|b", "ä", "a^b"])
def test_a_word_is_harmless(text: str) -> None:
    assert not esl.is_word(text)
    with pytest.raises(esl.UnsafeCommandError):
        esl.word(text)
    with pytest.raises(esl.UnsafeCommandError):
        esl.variable("name", text)


def test_commands_as_they_are_written() -> None:
    assert esl.api("version") == b"api version\n\n"
    assert esl.bgapi("status", "j1") == b"bgapi status\nJob-UUID: j1\n\n"
    assert esl.execute("u1", "respond", "480") == (
        b"sendmsg u1\ncall-command: execute\nexecute-app-name: respond\nexecute-app-arg: 480\n\n"
    )
    assert esl.variable("a_b", "c") == "a_b=c"
    with pytest.raises(esl.UnsafeCommandError):
        esl.variable("a b", "c")


def test_ten_thousand_mutants_raise_nothing_else() -> None:
    dice = random.Random(7)
    for _ in range(10_000):
        data = bytearray(b"".join(dice.choices(SAMPLES, k=2)))
        for _ in range(dice.randrange(1, 6)):
            data[dice.randrange(len(data))] = dice.randrange(256)
        try:
            read(bytes(data), dice.choice((0, 13)))
        except esl.EslError:
            continue
