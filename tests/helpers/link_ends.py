"""Both ends of the link on loopback, with what they heard, for tests."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nirc.demo.throwaway_ca import ThrowawayCa
from nirc.links.site_link_server import SiteLinkServer
from nrcli.client import SiteClient
from nrcli.wire.backoff import BackoffSettings
from nrcli.wire.messages import Hello, NodeMessage, SiteMessage, Welcome
from nrcli.wire.tls import TlsFiles

QUICK = BackoffSettings(first_s=0.05, most_s=0.2, refused_s=0.2)


def new_ca(folder: Path, network: str = "demo") -> ThrowawayCa:
    return ThrowawayCa(folder, network=network, now_unix_s=time.time())


async def eventually(holds: Callable[[], Any], within_s: float = 10.0) -> None:
    """Waits until `holds()`; the time is only a limit for a broken program."""
    async with asyncio.timeout(within_s):
        while not holds():  # noqa: ASYNC110
            await asyncio.sleep(0.005)


@dataclass
class Heard:
    """What one end told its owner, in order."""

    ups: list[tuple[str, Any]] = field(default_factory=list)
    downs: list[tuple[str, Any]] = field(default_factory=list)
    said: list[tuple[str, Any]] = field(default_factory=list)

    def note_up(self, who: str, greeting: Hello | Welcome | None = None) -> None:
        self.ups.append((who, greeting))

    def note_down(self, who: str, reason: object) -> None:
        self.downs.append((who, reason))

    def note_said(self, who: str, message: SiteMessage | NodeMessage | Any) -> None:
        self.said.append((who, message))

    def messages(self) -> list[Any]:
        return [message for _, message in self.said]


def new_server(tls: TlsFiles | None, heard: Heard, **options: Any) -> SiteLinkServer:
    return SiteLinkServer(
        **{"node": "n1", "listen": "127.0.0.1:0"} | options,
        tls=tls,
        on_up=heard.note_up,
        on_down=heard.note_down,
        on_message=heard.note_said,
    )


def new_client(
    port: int, tls: TlsFiles | None, heard: Heard, hello: Hello | None = None, **options: Any
) -> SiteClient:
    said = hello or Hello(site="lisbon", incarnation=1)
    return SiteClient(
        nodes={"n1": f"127.0.0.1:{port}"},
        hello=lambda: said,
        tls=tls,
        on_up=heard.note_up,
        on_down=heard.note_down,
        on_message=heard.note_said,
        backoff=QUICK,
        **options,
    )
