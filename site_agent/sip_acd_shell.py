"""The built-in ACD with its sockets: SIP transport and media player around the ACD's core.

Rule of this file: it splits what the core returns (bytes to the transport, media to the player,
events to the daemon) and decides nothing.
"""

from __future__ import annotations

import errno
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from nrcli.sip.sip_transport import SipTransport
from nrcli.sip.tls_contexts import SipTls, SipTlsFiles
from nrcli.sip.trace_ring import TraceLimits, TraceRing
from routing_policies.call_numbers import NumberReader
from site_agent.adapters.acd_restart import ALIVE_KIND
from site_agent.adapters.base import AcdCommand, AcdEvent, KeepForRestart
from site_agent.adapters.sip_acd.adapter import SipAcd
from site_agent.adapters.sip_acd.kept_calls import CALL_KIND, PHONE_KIND, RING_KIND
from site_agent.adapters.sip_acd.kept_invites import INVITE_KIND
from site_agent.adapters.sip_acd.media import PlayMedia, StopMedia
from site_agent.adapters.sip_acd.media_player import (
    MediaFileError,
    MediaPlayer,
    load_announcements,
    seconds_of,
)
from site_agent.adapters.sip_acd.settings import SettingsError, SipAcdSettings, TlsPaths
from site_agent.core.events import JournalRead
from site_agent.driver import Input
from site_agent.errors import ConfigError, StartError
from site_agent.sip.settings import SipSettings
from site_agent.sip.signals import Peer, SendBytes
from site_agent.sip.source_shares import SourceShares
from site_agent.sip.user_agent import UserAgent

log = logging.getLogger(__name__)


class SipAcdShell:
    """Sockets of one ACD."""

    def __init__(  # noqa: PLR0917
        self,
        settings: SipAcdSettings,
        new_id: Callable[[], str],
        post: Callable[[Input], bool],
        now: Callable[[], float],
        keep: Callable[[Sequence[KeepForRestart]], None] | None = None,
        may_act: Callable[[], bool] = lambda: True,
        *,
        ring: TraceRing | None = None,
    ) -> None:
        self._ring = ring or TraceRing(TraceLimits(messages_max=0))
        self._may_act = may_act
        self._keep = keep or (lambda kept: None)
        self._announcements: dict[str, float] = {}
        notify_answer_s = settings.transfers.notify_answer_s
        self._user_agent = UserAgent(SipSettings(notify_answer_s=notify_answer_s), new_id)
        try:
            self._acd = SipAcd(settings, self._user_agent, new_id, keeps=keep is not None)
            self._player = self._make_player(settings)
        except SettingsError as error:
            raise ConfigError(f"acd: {error.place}", error.problem) from error
        except MediaFileError as error:
            raise ConfigError("acd: media", str(error)) from error
        self._settings = settings
        self._post = post
        self._now = now
        self._user_agent.admits = self._acd.admits
        self._user_agent.knows = self._acd.is_listed
        self._shares = SourceShares(settings.strangers)
        self._transport = SipTransport(
            on_data=self._on_data,
            on_failed=self._on_failed,
            bounds=settings.bounds,
            tls=_tls(settings.tls),
        )

    def _make_player(self, settings: SipAcdSettings) -> MediaPlayer:
        folder = settings.media.announcements_folder
        announcements = load_announcements(folder) if folder else {}
        self._announcements = {name: seconds_of(found) for name, found in announcements.items()}
        return MediaPlayer(
            sessions_max=settings.sessions_max,
            wav_file=settings.media.wav_file,
            announcements=announcements,
        )

    async def start(self) -> dict[str, tuple[str, int]]:
        """Open every socket; the address of each trunk group.

        Raises `StartError` naming the one that cannot be opened.
        """
        settings = self._settings
        addresses = {}
        for group in settings.trunk_groups:
            place = f"trunk group {group.name}"
            bound = await self._listen(place, group.transports, group.listen)
            self._acd.trunk_bound(group.name, bound)
            addresses[group.name] = bound
        bound = await self._listen(
            "agents", settings.agents_transports, settings.agents_listen, asks=False
        )
        self._acd.agents_bound(bound)
        media = await self._start_player(settings.media.rtp_listen)
        self._acd.media_bound(media, self._announcements)
        return addresses

    async def stop(self) -> None:
        """Close every socket."""
        await self._player.stop()
        await self._transport.close()

    def snapshot(self, now_s: float) -> list[AcdEvent]:
        """Agents, queues and trunks as they are now."""
        return self._acd.snapshot(now_s)

    def resume(self, kept: JournalRead, now_s: float) -> tuple[list[AcdEvent], JournalRead]:
        """Go on with the calls that the journal keeps."""
        mine = [
            KeepForRestart(kind=kind, key=key, value=value)
            for kind, key, value in kept.entries
            if kind in (CALL_KIND, PHONE_KIND, RING_KIND, ALIVE_KIND)
        ]
        resumed, outcomes = self._acd.resume(mine, kept.shift_s, now_s)
        log.info("%d calls of before go on", len(resumed))
        return self._split(outcomes), replace(kept, resumed=tuple(resumed))

    def take_in_again(self, kept: JournalRead, now_s: float) -> list[AcdEvent]:
        """Callers who only rang come in again; after the daemon knows its holds of before."""
        mine = [
            KeepForRestart(kind=kind, key=key, value=value)
            for kind, key, value in kept.entries
            if kind in (INVITE_KIND, ALIVE_KIND)
        ]
        return self._split(self._acd.take_in_again(mine, kept.shift_s, now_s)) if mine else []

    def command(self, command: AcdCommand, now_s: float) -> list[AcdEvent]:
        """Carry out one command of the daemon."""
        self._note(command, now_s)
        return self._split(self._acd.command(command, now_s))

    def _note(self, said: AcdCommand | AcdEvent, now_s: float) -> None:
        """Which caller of SIP an interaction and a call of this site are."""
        interaction, call_id = getattr(said, "interaction_id", ""), getattr(said, "call_id", "")
        if interaction and call_id:
            names = (interaction, call_id, self._acd.sip_call_id(call_id))
            self._ring.note(now_s, names)

    def use_numbers(self, numbers: NumberReader | None, unix_offset_s: float) -> None:
        """Read new calls by these number plans; None: by the settings alone."""
        self._acd.use_numbers(numbers, unix_offset_s)

    def fire(self, now_s: float) -> list[AcdEvent]:
        """Run the ACD's timers."""
        next_s = self._acd.next_timer_s()
        if next_s is None or next_s > now_s:
            return []
        return self._split(self._acd.fire(now_s))

    def next_timer_s(self) -> float | None:
        """When `fire` is needed next."""
        return self._acd.next_timer_s()

    async def _listen(
        self,
        place: str,
        transports: Sequence[str],
        address: tuple[str, int],
        *,
        asks: bool = True,
    ) -> tuple[str, int]:
        host, port = address
        try:
            return await self._transport.listen(
                host, port, tuple(transports), asks_certificate=asks
            )
        except OSError as error:
            raise _not_opened(place, address, error) from error

    async def _start_player(self, address: tuple[str, int]) -> tuple[str, int]:
        try:
            return await self._player.start(*address)
        except OSError as error:
            raise _not_opened("media.rtp_listen", address, error) from error

    def _on_data(self, data: bytes, peer: Peer) -> None:
        came_at_s = self._now()
        if not self._shares.hears(peer.remote[0], lambda: self._acd.is_listed(peer), came_at_s):
            return
        self._ring.put(came_at_s, False, peer, data)

        def received(now_s: float) -> list[AcdEvent]:
            self._user_agent.overload.measured(now_s - came_at_s)
            return self._split(self._acd.receive(data, peer, now_s))

        self._post(received)

    def _on_failed(self, peer: Peer) -> None:
        self._post(lambda now_s: self._split(self._acd.send_failed(peer, now_s)))

    def _split(self, outcomes: Iterable[Any]) -> list[AcdEvent]:
        events: list[AcdEvent] = []
        outcomes = list(outcomes)
        kept = [outcome for outcome in outcomes if isinstance(outcome, KeepForRestart)]
        if kept:
            self._keep(kept)
        for outcome in outcomes:
            if isinstance(outcome, KeepForRestart):
                continue
            if isinstance(outcome, SendBytes):
                if self._may_act():
                    self._shares.asked(outcome.peer.remote[0], outcome.data)
                    self._ring.put(self._now(), True, outcome.peer, outcome.data)
                    self._transport.send(outcome.peer, outcome.data)
            elif isinstance(outcome, PlayMedia | StopMedia):
                self._player.carry_out(outcome)
            else:
                self._note(outcome, self._now())
                events.append(outcome)
        return events


def _tls(paths: TlsPaths | None) -> SipTls | None:
    if paths is None:
        return None
    files = SipTlsFiles(
        ca=Path(paths.ca), cert=Path(paths.cert), key=Path(paths.key), names=paths.names
    )
    try:
        return SipTls(files)
    except OSError as error:
        remedy = "give PEM files that belong together, readable by this user"
        raise ConfigError("acd.tls", f"{paths.cert}: {error}", remedy) from error


def _not_opened(place: str, address: tuple[str, int], error: OSError) -> StartError:
    taken = error.errno == errno.EADDRINUSE
    remedy = (
        "is another program using this address?"
        if taken
        else "give an IP address of this host, and a port this user may open"
    )
    host, port = address
    problem = error.strerror or error
    return StartError(f"{place}: cannot listen on {host}:{port}: {problem}; {remedy}")
