"""A site's links to every node.

Rule of this file: a shell. It keeps the streams and hands on what they say; which node to ask, and
what to make of silence, is decided by its owner.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Mapping
from functools import partial
from typing import cast

from nrcli.wire.backoff import Backoff, BackoffSettings
from nrcli.wire.codec import Speaker, codec_for
from nrcli.wire.link_attention import Attention
from nrcli.wire.link_dialer import DialerOwner, DialerStatus, LinkDialer, Target
from nrcli.wire.link_greeting import SiteGreeting
from nrcli.wire.link_lanes import Message
from nrcli.wire.link_pace import Pace
from nrcli.wire.link_session import LinkEnd
from nrcli.wire.link_stream import SITE_METHOD, TransportSettings, boottime_s
from nrcli.wire.messages import Hello, NodeMessage, SiteMessage, Welcome
from nrcli.wire.tls import TlsFiles, read_tls


class SiteClient:
    """Keeps a stream to every configured node. Callbacks are called on the loop, and must return
    at once: put what they say into an inbox.

    `hello` is asked anew for each attempt, so that it can name the epochs known by then.
    """

    def __init__(
        self,
        *,
        nodes: Mapping[str, str],
        hello: Callable[[], Hello],
        tls: TlsFiles | None,
        on_up: Callable[[str, Welcome], object],
        on_down: Callable[[str, str], object],
        on_message: Callable[[str, NodeMessage], object],
        settings: TransportSettings | None = None,
        backoff: BackoffSettings | None = None,
        now: Callable[[], float] = boottime_s,
        dice: Callable[[], float] = random.random,
    ) -> None:
        """`nodes`: name to `host:port`. Raises SettingsError if a TLS file is wrong."""
        self._on_up = on_up
        self._on_down = on_down
        self._on_message = on_message
        settings = settings or TransportSettings()
        codec = codec_for(settings.limits)
        pace, attention = Pace(settings.link.pace), Attention()
        credentials = read_tls(tls).channel_credentials() if tls else None
        self._dialers = {
            node: LinkDialer(
                Target(
                    name=f"node {node}",
                    address=address,
                    method=SITE_METHOD,
                    hears=Speaker.NODE,
                    greeting=lambda: SiteGreeting(hello()),
                ),
                self._owner(node),
                credentials=credentials,
                settings=settings,
                codec=codec,
                backoff=Backoff(backoff or BackoffSettings()),
                pace=pace,
                attention=attention,
                now=now,
                dice=dice,
            )
            for node, address in nodes.items()
        }
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Begin to connect; returns at once."""
        self._tasks = [asyncio.create_task(dialer.run()) for dialer in self._dialers.values()]

    async def stop(self) -> None:
        """End all links; each that was up is told by `on_down`."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []

    def send(self, node: str, message: SiteMessage) -> bool:
        """Queue `message` for `node`. False: its link is down, or is given up just now because it
        takes no more decisions (`on_down` follows). Raises LocalProtocolError if it cannot be put
        into bytes."""
        return node in self._dialers and self._dialers[node].send(message)

    def status(self) -> Mapping[str, DialerStatus]:
        """How the link to each node stands."""
        return {node: dialer.status for node, dialer in self._dialers.items()}

    def _owner(self, node: str) -> DialerOwner:
        return DialerOwner(
            on_up=partial(self._up, node),
            on_end=partial(self._ended, node),
            on_message=partial(self._said, node),
        )

    def _up(self, node: str, greeting: Message) -> None:
        self._on_up(node, cast(Welcome, greeting))

    def _ended(self, node: str, end: LinkEnd, was_up: bool) -> None:
        if was_up:
            self._on_down(node, f"{end.code}: {end.reason}")

    def _said(self, node: str, message: Message) -> None:
        self._on_message(node, cast(NodeMessage, message))
