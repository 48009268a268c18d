"""Bytes to messages and actions to bytes; nothing from outside ends a line."""

import pytest

from nrcli.errors import LocalProtocolError
from site_agent.adapters.asterisk.asterisk_protocol import (
    FIELDS_MAX,
    LINE_BYTES_MAX,
    AmiAction,
    AmiError,
    AmiFramer,
    action,
    encode,
    endpoint_of,
    is_plain,
    phone_of,
    setvar,
    unescaped,
    written,
)

GREETING = b"Asterisk Call Manager/5.0.4\r\n"


def framer() -> AmiFramer:
    made = AmiFramer()
    assert made.feed(GREETING) == []
    return made


def test_messages_are_cut_wherever_the_pieces_end() -> None:
    data = b"Event: Hangup\r\nUniqueid: 1.1\r\n\r\nResponse: Success\r\nActionID: a1\r\n\r\n"
    for size in (1, 7, len(data)):
        made = framer()
        messages = [
            message
            for at in range(0, len(data), size)
            for message in made.feed(data[at : at + size])
        ]
        assert [(one.event, one.response) for one in messages] == [("Hangup", ""), ("", "Success")]
        assert messages[0].get("uniqueid") == "1.1"
        assert messages[1].action_id == "a1"
        assert made.banner == "Asterisk Call Manager/5.0.4"


def test_values_are_read_with_care() -> None:
    (message,) = framer().feed(
        b"Event: X\r\nWait: 12\r\nBad: 1x\r\nPaused: 1\r\nno colon\r\n"
        b"ChanVariable: A=1\r\nChanVariable: B=x=\\ny\r\n\r\n"
    )
    assert (message.number("wait"), message.number("bad", 7), message.number("none")) == (12, 7, 0)
    assert message.flag("paused") and not message.flag("none")
    assert message.variables() == {"A": "1", "B": "x=\ny"}
    assert message.all("chanvariable") == ["A=1", "B=x=\\ny"]
    assert unescaped("a\\\\b\\") == "a\\b"


@pytest.mark.parametrize(
    "data",
    [
        b"HTTP/1.1 400 Bad Request\r\n",
        GREETING + b"Event: " + b"x" * LINE_BYTES_MAX + b"\r\n",
        GREETING + b"x" * (LINE_BYTES_MAX + 1),
        GREETING + b"a: b\r\n" * (FIELDS_MAX + 1),
        GREETING + (b"a: " + b"b" * 2000 + b"\r\n") * 200,
    ],
)
def test_what_is_no_manager_or_too_much_ends_the_line(data: bytes) -> None:
    with pytest.raises(AmiError):
        AmiFramer().feed(data)


def test_an_action_is_written_line_by_line() -> None:
    one = action("QueuePause", action_id="a1", Interface="PJSIP/anna", Paused="true")
    assert encode(one) == (
        b"Action: QueuePause\r\nActionID: a1\r\nInterface: PJSIP/anna\r\nPaused: true\r\n\r\n"
    )
    assert one.get("Paused") == "true"
    assert written([one, one]) == 2 * encode(one)
    assert [each.get("Variable") for each in setvar("c", {"A": "1", "B": "2"})] == ["A", "B"]


@pytest.mark.parametrize("value", ["x\r\nAction: Logoff", "x\ny", "x\0", "x" * 1000])
def test_no_value_ends_its_line_or_is_too_long(value: str) -> None:
    with pytest.raises(LocalProtocolError):
        encode(action("Setvar", Value=value))
    assert not is_plain(value)


def test_a_key_that_is_none_and_too_much_in_all_are_our_mistakes() -> None:
    with pytest.raises(LocalProtocolError):
        encode(AmiAction(name="X", fields=(("A: b\r\nC", "d"),)))
    with pytest.raises(LocalProtocolError):
        encode(AmiAction(name="X", fields=tuple(("Variable", "x" * 900) for _ in range(10))))


def test_names_of_channels_and_interfaces_are_taken_apart() -> None:
    assert endpoint_of("PJSIP/carrier-lisbon-0000002a") == "carrier-lisbon"
    assert endpoint_of("Local/s@x-00000001;1") == ""
    assert phone_of("PJSIP/anna") == "anna"
    assert phone_of("Local/anna@agents/n") == "anna"
