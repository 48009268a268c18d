"""Log-in by challenge, keepalive, and every way in which the line breaks."""

import hashlib

from site_agent.adapters.asterisk.ami_session import AmiSession, SessionSettings, SessionState
from site_agent.adapters.asterisk.asterisk_protocol import action

SETTINGS = SessionSettings(user="nirc", secret="s3")
GREETING = b"Asterisk Call Manager/5.0.4\r\n"
CHALLENGE = b"Response: Success\r\nActionID: login\r\nChallenge: 42\r\n\r\n"
WELCOME = b"Response: Success\r\nActionID: login\r\nMessage: Authentication accepted\r\n\r\n"
BOOTED = b"Event: FullyBooted\r\nStatus: Fully Booted\r\n\r\n"


def up() -> AmiSession:
    session = AmiSession(SETTINGS, 0.0)
    for data in (GREETING, CHALLENGE, WELCOME, BOOTED):
        assert session.feed(data, 0.1) == []
    session.take_bytes()
    return session


def test_the_secret_never_goes_over_the_line() -> None:
    session = AmiSession(SETTINGS, 0.0)
    session.feed(GREETING, 0.0)
    assert session.take_bytes() == b"Action: Challenge\r\nActionID: login\r\nAuthType: MD5\r\n\r\n"
    session.feed(CHALLENGE, 0.0)
    said = session.take_bytes().decode()
    assert hashlib.md5(b"42s3", usedforsecurity=False).hexdigest() in said
    assert "s3" not in said.replace(hashlib.md5(b"42s3", usedforsecurity=False).hexdigest(), "")
    session.feed(WELCOME, 0.0)
    assert session.state is SessionState.BOOTING
    session.send(action("QueueStatus"))
    assert session.take_bytes() == b"", "nothing is asked before the PBX has booted"
    session.feed(BOOTED, 0.0)
    assert session.state is SessionState.UP
    session.send(action("QueueStatus"))
    assert session.take_bytes() == b"Action: QueueStatus\r\n\r\n"
    assert session.version.endswith("5.0.4")


def test_messages_go_to_the_adapter_and_pongs_do_not() -> None:
    session = up()
    got = session.feed(
        b"Response: Success\r\nActionID: ping\r\nPing: Pong\r\n\r\nEvent: Hangup\r\n\r\n", 1.0
    )
    assert [message.event for message in got] == ["Hangup"]


def test_a_silent_pbx_is_asked_and_then_given_up() -> None:
    session = up()
    assert session.next_timer_s() == 5.0
    session.fire(5.0)
    assert b"Action: Ping" in session.take_bytes()
    session.fire(12.2)
    assert session.state is SessionState.BROKEN
    assert "silent" in session.problem
    assert session.next_timer_s() is None
    assert session.feed(b"Event: X\r\n\r\n", 13.0) == []
    session.fire(14.0)


def test_no_log_in_in_time_is_told() -> None:
    session = AmiSession(SETTINGS, 0.0)
    assert session.next_timer_s() == 5.0
    session.fire(5.0)
    assert session.state is SessionState.BROKEN
    assert "manager.conf" in session.problem


def test_a_refused_log_in_names_the_remedy() -> None:
    session = AmiSession(SETTINGS, 0.0)
    session.feed(GREETING + CHALLENGE, 0.0)
    session.feed(
        b"Response: Error\r\nActionID: login\r\nMessage: Authentication failed\r\n\r\n", 0.0
    )
    assert session.state is SessionState.BROKEN
    assert "nirc" in session.problem and "manager.conf" in session.problem


def test_a_shutdown_and_nonsense_break_it() -> None:
    for data in (b"Event: Shutdown\r\n\r\n", b"a: b\r\n" * 500):
        session = up()
        session.feed(data, 1.0)
        assert session.state is SessionState.BROKEN
