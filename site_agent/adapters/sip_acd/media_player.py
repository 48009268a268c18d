"""Plays music to waiting callers: RTP with G.711, one socket and one 20 ms clock for all sessions.

Rule of this file: a shell; it does what `PlayMedia` and `StopMedia` say and decides nothing. What
far ends send is read and thrown away. Sessions are bounded; more are refused and counted.
"""

from __future__ import annotations

import asyncio
import contextlib
import struct
import wave
from array import array
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from site_agent.adapters.sip_acd.g711 import alaw, melody, ulaw
from site_agent.adapters.sip_acd.media import MediaAction, PlayMedia

FRAME_SAMPLES = 160
FRAME_S = 0.02
SAMPLES_PER_S = 8000
ANNOUNCEMENTS_MAX = 200
RESYNC_S = 0.5


class MediaFileError(ValueError):
    """The WAV file cannot be played; the text says why and what is needed."""


def load_samples(path: str) -> list[int]:
    """Read an 8 kHz mono 16-bit WAV file.

    Raises:
        MediaFileError: not such a file.
    """
    try:
        with wave.open(path, "rb") as reader:
            shape = (reader.getframerate(), reader.getnchannels(), reader.getsampwidth())
            if shape != (8000, 1, 2):
                raise MediaFileError(f"{path}: expected 8000 Hz, mono, 16 bit, found {shape}")
            raw = reader.readframes(min(reader.getnframes(), 8000 * 600))
    except (OSError, EOFError, wave.Error) as error:
        raise MediaFileError(f"{path}: {error}; give an 8 kHz mono 16-bit WAV file") from error
    return list(struct.unpack(f"<{len(raw) // 2}h", raw))


def load_announcements(folder: str) -> dict[str, list[int]]:
    """Every NAME.wav of a folder, by name.

    Raises:
        MediaFileError: a file cannot be played, or there are too many.
    """
    paths = sorted(Path(folder).glob("*.wav"))
    if len(paths) > ANNOUNCEMENTS_MAX:
        raise MediaFileError(f"{folder}: more than {ANNOUNCEMENTS_MAX} files; take some out")
    return {path.stem: load_samples(str(path)) for path in paths}


def seconds_of(samples: list[int]) -> float:
    """How long it takes to play them."""
    return len(samples) / SAMPLES_PER_S


class _Session:
    __slots__ = ("header", "position", "remote", "sequence", "source", "ssrc", "stamp")

    def __init__(
        self, remote: tuple[str, int], payload_type: int, ssrc: int, source: str = ""
    ) -> None:
        self.source = source
        self.position = 0
        self.remote = remote
        self.header = bytes((0x80, payload_type))
        self.sequence = 0
        self.stamp = 0
        self.ssrc = ssrc


class _Ignore(asyncio.DatagramProtocol):
    """What far ends send is of no use to a player."""


class MediaPlayer:
    """All music sessions of one site agent."""

    def __init__(
        self,
        *,
        sessions_max: int = 1000,
        wav_file: str = "",
        announcements: Mapping[str, list[int]] | None = None,
    ) -> None:
        self._frames = _encoded(load_samples(wav_file) if wav_file else melody())
        self._announcements = {
            name: _encoded(samples) for name, samples in (announcements or {}).items()
        }
        self._sessions: dict[str, _Session] = {}
        self._sessions_max = sessions_max
        self._transport: asyncio.DatagramTransport | None = None
        self._task: asyncio.Task[None] | None = None
        self._position = 0
        self._ssrc = 0x4E495243
        self.refused_count = 0

    @property
    def sessions_count(self) -> int:
        """Callers who hear music now."""
        return len(self._sessions)

    async def start(self, host: str, port: int) -> tuple[str, int]:
        """Open the socket and begin the clock; returns the address really bound."""
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(_Ignore, local_addr=(host, port))
        self._task = asyncio.create_task(self._run(), name="media player")
        bound = self._transport.get_extra_info("sockname")
        return str(bound[0]), int(bound[1])

    async def stop(self) -> None:
        """Stop the clock and close the socket."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        if self._transport is not None:
            self._transport.close()
        self._sessions.clear()

    def carry_out(self, action: MediaAction) -> None:
        """Do what the ACD says."""
        if not isinstance(action, PlayMedia):
            self._sessions.pop(action.session, None)
            return
        session = self._sessions.get(action.session)
        if session is not None:
            session.remote = action.remote
            session.header = bytes((0x80, action.payload_type))
            if session.source != action.source:
                session.source, session.position = action.source, 0
        elif len(self._sessions) >= self._sessions_max:
            self.refused_count += 1
        else:
            self._ssrc = (self._ssrc * 1103515245 + 12345) & 0xFFFFFFFF
            self._sessions[action.session] = _Session(
                action.remote, action.payload_type, self._ssrc, action.source
            )

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        due_s = loop.time()
        while True:
            due_s += FRAME_S
            late_s = loop.time() - due_s
            if late_s > RESYNC_S:
                due_s = loop.time()
            else:
                await asyncio.sleep(max(0.0, -late_s))
            if self._sessions:
                self._send_frame()

    def _send_frame(self) -> None:
        transport = self._transport
        if transport is None or transport.is_closing():
            return
        position = self._position
        frames = {kind: cut[position % len(cut)] for kind, cut in self._frames.items()}
        self._position = position + 1
        for session in self._sessions.values():
            session.sequence = (session.sequence + 1) & 0xFFFF
            session.stamp = (session.stamp + FRAME_SAMPLES) & 0xFFFFFFFF
            numbers = struct.pack("!HII", session.sequence, session.stamp, session.ssrc)
            frame = frames[session.header[1]]
            if session.source:
                frame = self._spoken(session) or frame
            packet = session.header + numbers + frame
            with contextlib.suppress(OSError):
                transport.sendto(packet, session.remote)

    def _spoken(self, session: _Session) -> bytes:
        """The next frame of the session's announcement; empty when it is over."""
        spoken = self._announcements.get(session.source, {}).get(session.header[1], [])
        session.position += 1
        return spoken[session.position - 1] if session.position <= len(spoken) else b""


def _encoded(samples: list[int]) -> dict[int, list[bytes]]:
    """Frames by payload type."""
    return _frames_of(array("h", samples).tobytes())


@cache
def _frames_of(samples: bytes) -> dict[int, list[bytes]]:
    """Encoded once in a process: it takes a standby that begins to serve no time."""
    whole = [*array("h", samples)]
    whole += [0] * (-len(whole) % FRAME_SAMPLES)
    return {0: _cut(ulaw(whole)), 8: _cut(alaw(whole))}


def _cut(encoded: bytes) -> list[bytes]:
    return [encoded[at : at + FRAME_SAMPLES] for at in range(0, len(encoded), FRAME_SAMPLES)] or [
        bytes(FRAME_SAMPLES)
    ]
