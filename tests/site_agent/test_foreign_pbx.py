"""A line to a PBX that runs by itself: opened again, and its loss handed on whatever happens."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Iterable

import pytest

from site_agent import foreign_pbx
from site_agent.adapters.base import AcdCommand, AcdEvent, AgentGone, ReleaseHold
from site_agent.core.events import JournalRead
from site_agent.driver import Input
from site_agent.errors import ConfigError
from site_agent.foreign_pbx import ForeignPbx, PbxLine, tls_problem


class Peer:
    """A port that says a word to everybody who comes."""

    def __init__(self) -> None:
        self.writers: list[asyncio.StreamWriter] = []
        self.count = 0
        self.heard = b""

    async def start(self) -> tuple[str, int]:
        self.server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        host, port = self.server.sockets[0].getsockname()[:2]
        return host, port

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.count += 1
        self.writers.append(writer)
        writer.write(b"hello")
        while data := await reader.read(100):
            self.heard += data

    def cut(self) -> None:
        for writer in self.writers:
            writer.close()
        self.writers.clear()


class Words:
    """The one side of a talk, and a driver's inbox that can be full."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.is_full = False
        self.refused_count = 0
        self.ticks = 0
        self.over = False
        self.due_s: float | None = None

    def post(self, item: Input) -> bool:
        if self.is_full:
            self.refused_count += 1
            return False
        list(item(0.0))
        return True

    def _word(self, word: str) -> Input:
        def work(now_s: float) -> list[AcdEvent]:
            self.done.append(word)
            return []

        return work

    def opened(self) -> Input | None:
        return self._word("opened")

    def heard(self, data: bytes) -> Input | None:
        return self._word(data.decode())

    def lost(self) -> Input | None:
        return self._word("lost")

    def tick(self) -> None:
        self.ticks += 1
        self.over = True

    def due_in_s(self) -> float | None:
        return self.due_s

    def is_over(self) -> bool:
        return self.over

    def was_good(self) -> bool:
        return True


def certificate_error(message: str) -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, message)
    error.verify_message = message
    return error


def handshake_error(reason: str) -> ssl.SSLError:
    error = ssl.SSLError(1, reason)
    error.reason = reason
    return error


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(foreign_pbx, "PAUSE_S", 0.01)
    monkeypatch.setattr(foreign_pbx, "FULL_S", 0.01)


@pytest.fixture
async def peer() -> AsyncIterator[Peer]:
    found = Peer()
    found.address = await found.start()  # type: ignore[attr-defined]
    yield found
    found.server.close()
    found.cut()


@pytest.fixture
def words() -> Words:
    return Words()


@pytest.fixture
async def line(peer: Peer, words: Words) -> AsyncIterator[PbxLine]:
    made = PbxLine("pbx", peer.address, words, words.post)  # type: ignore[attr-defined]
    yield made
    await made.stop()


async def until(what: Callable[[], object]) -> None:
    for _ in range(1000):
        if what():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("it did not come within 5 s")


async def test_a_lost_line_is_opened_again(peer: Peer, words: Words, line: PbxLine) -> None:
    line.start()
    await until(lambda: words.done == ["opened", "hello"])
    line.write(b"ping")
    await until(lambda: peer.heard == b"ping")
    peer.cut()
    await until(lambda: words.done == ["opened", "hello", "lost", "opened", "hello"])


async def test_a_full_inbox_loses_no_loss_of_line(peer: Peer, words: Words, line: PbxLine) -> None:
    """Nothing of the next line is said before the loss of this one was taken."""
    line.start()
    await until(lambda: "hello" in words.done)
    words.is_full = True
    peer.cut()
    await until(lambda: words.refused_count > 3)
    assert (words.done, peer.count) == (["opened", "hello"], 1)
    words.is_full = False
    await until(lambda: words.done == ["opened", "hello", "lost", "opened", "hello"])


async def test_bytes_that_are_not_taken_end_the_line(
    peer: Peer, words: Words, line: PbxLine, caplog: pytest.LogCaptureFixture
) -> None:
    line.start()
    await until(lambda: "hello" in words.done)
    words.is_full = True
    peer.writers[0].write(b"anna is ready")
    await until(lambda: words.refused_count > 3)
    words.is_full = False
    await until(lambda: words.done == ["opened", "hello", "lost", "opened", "hello"])
    assert "overloaded" in caplog.text


async def test_a_tick_ends_a_silent_line(peer: Peer, words: Words, line: PbxLine) -> None:
    words.due_s = 0.02
    line.start()
    await until(lambda: "lost" in words.done)
    assert words.ticks == 1


async def test_nobody_there_is_told_once_with_what_to_look_at(
    words: Words, caplog: pytest.LogCaptureFixture
) -> None:
    line = PbxLine("pbx", ("127.0.0.1", 1), words, words.post, hint="; does it run?")
    line.start()
    await asyncio.sleep(0.1)
    await line.stop()
    assert caplog.text.count("cannot connect") == caplog.text.count("does it run?") == 1
    assert not words.done


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (certificate_error("certificate has expired"), "certificate has expired; see `tls_ca`"),
        (handshake_error("WRONG_VERSION_NUMBER"), "it speaks no TLS here"),
        (handshake_error("TLSV1_ALERT_PROTOCOL_VERSION"), "TLS: TLSV1_ALERT_PROTOCOL_VERSION"),
    ],
)
def test_a_failed_handshake_is_put_in_words(error: ssl.SSLError, words: str) -> None:
    assert words in tls_problem(error)


async def test_an_authority_that_cannot_be_read_is_told_and_tried_again(
    words: Words, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> ssl.SSLContext:
        raise ConfigError("acd.ami.tls_ca", "ca.pem cannot be used", "give a PEM file")

    line = PbxLine("pbx", ("127.0.0.1", 1), words, words.post, tls=broken)
    line.start()
    await until(lambda: "give a PEM file" in caplog.text)
    await line.stop()


class Echo:
    """An adapter that says what it was asked."""

    def __init__(self) -> None:
        self.next_s: float | None = None

    def snapshot(self, now_s: float) -> list[AcdEvent]:
        return [AgentGone(agent="anna")]

    def command(self, command: AcdCommand, now_s: float) -> list[str]:
        return ["command"]

    def fire(self, now_s: float) -> list[str]:
        self.next_s = None
        return ["fire"]

    def next_timer_s(self) -> float | None:
        return self.next_s


class Shell(ForeignPbx[str]):
    def _carry_out(self, outcomes: Iterable[str], now_s: float) -> list[AcdEvent]:
        return [AgentGone(agent=one) for one in outcomes]


def test_commands_and_timers_are_handed_on() -> None:
    echo = Echo()
    shell = Shell(echo, lambda item: True, lambda: True)
    assert shell.snapshot(1.0) == [AgentGone(agent="anna")]
    assert shell.command(ReleaseHold(hold_id="h"), 1.0) == [AgentGone(agent="command")]
    assert (shell.next_timer_s(), shell.fire(5.0)) == (None, [])
    echo.next_s = 2.0
    assert (shell.fire(1.9), shell.fire(2.0)) == ([], [AgentGone(agent="fire")])


def test_calls_are_the_pbxs_own_over_a_restart() -> None:
    shell = Shell(Echo(), lambda item: True, lambda: True)
    kept = JournalRead()
    shell.use_numbers(None, 0.0)
    assert (shell.resume(kept, 1.0), shell.take_in_again(kept, 1.0)) == (([], kept), [])
