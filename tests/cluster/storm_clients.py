"""A process of many site clients that do nothing but be linked: the storm of the fault matrix.

Rule of this file: real clients of NRCLI, one for each site, each with streams to every node; it
tells on standard output how many have acknowledged the highest epoch heard, and asks nothing.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import uvloop

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from nrcli.client import SiteClient
from nrcli.wire import messages as msg
from nrcli.wire.link_stream import boottime_s
from nrcli.wire.tls import TlsFiles

TELL_EVERY_S = 0.1
AT_ONCE, PAUSE_S = 5, 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the process says of itself."""

    up_count: int
    "Streams."
    acknowledged_count: int
    "Sites that acknowledged the highest epoch of all."
    epoch: tuple[int, int]
    peak_mb: float
    half_at_s: float
    "CLOCK_BOOTTIME when half of them had acknowledged it,"
    p99_at_s: float
    last_at_s: float
    ends: dict[str, int]
    "Attempts to connect since this process began; how links ended last, by code."


class Crowd:
    """All sites."""

    def __init__(self, nodes: dict[str, str], tls: dict[str, TlsFiles]) -> None:
        self.epochs: dict[str, msg.Epoch] = dict.fromkeys(tls, msg.NO_EPOCH)
        self.up: set[tuple[str, str]] = set()
        self._acked_at_s: dict[str, float] = {}
        "When each site acknowledged what it acknowledged last."
        self._clients = {name: self._client(name, nodes, files) for name, files in tls.items()}

    async def start(self) -> None:
        """Begin to connect, some at a time: the storm is to come afterwards."""
        for number, client in enumerate(self._clients.values()):
            await client.start()
            if number % AT_ONCE == 0:
                await asyncio.sleep(PAUSE_S)

    def told(self) -> Told:
        """How many are there."""
        newest = max(self.epochs.values())
        known = newest != msg.NO_EPOCH
        acked = [name for name, epoch in self.epochs.items() if known and epoch == newest]
        at_s = sorted(self._acked_at_s[name] for name in acked)
        return Told(
            up_count=len(self.up),
            acknowledged_count=len(acked),
            epoch=(newest.generation, newest.revision),
            peak_mb=peak_mb("self"),
            half_at_s=_share(at_s, 0.5),
            p99_at_s=_share(at_s, 0.99),
            last_at_s=_share(at_s, 1.0),
            ends=self._ends(),
        )

    def _ends(self) -> dict[str, int]:
        statuses = [one for client in self._clients.values() for one in client.status().values()]
        ends = Counter(one.last_end.code for one in statuses if one.last_end is not None)
        return {**ends, "attempts": sum(one.attempts_count for one in statuses)}

    def _client(self, name: str, nodes: dict[str, str], files: TlsFiles) -> SiteClient:
        def heard(node: str, message: msg.NodeMessage) -> None:
            if isinstance(message, msg.Leading) and message.epoch >= self.epochs[name]:
                if message.epoch > self.epochs[name]:
                    self._acked_at_s[name] = boottime_s()
                self.epochs[name] = message.epoch
                ack = msg.LeadingAck(domain=message.domain, epoch=message.epoch)
                self._clients[name].send(node, ack)

        def linked(node: str, _welcome: msg.Welcome) -> None:
            self.up.add((name, node))
            empty = msg.StateSnapshot(
                incarnation=1, version=1, checksum=msg.state_checksum(()), entities=()
            )
            self._clients[name].send(node, empty)

        return SiteClient(
            nodes=nodes,
            hello=lambda: msg.Hello(site=name, incarnation=1),
            tls=files,
            on_up=linked,
            on_down=lambda node, _reason: self.up.discard((name, node)),
            on_message=heard,
        )


def _share(at_s: list[float], share: float) -> float:
    """The instant at which so many of them were there; 0 if there are none."""
    return at_s[min(int(len(at_s) * share), len(at_s) - 1)] if at_s else 0.0


def peak_mb(pid: int | str) -> float:
    """The most memory that a process had at once; 0 if it has ended."""
    try:
        text = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    lines = (line.split() for line in text.splitlines() if line.startswith("VmHWM:"))
    return next((round(int(words[1]) / 1024, 1) for words in lines), 0.0)


async def run(settings: dict[str, Any]) -> None:
    """Connect, and tell again and again."""
    files = {name: TlsFiles(**_paths(one)) for name, one in settings["sites"].items()}
    crowd = Crowd(settings["nodes"], files)
    starting = asyncio.create_task(crowd.start())
    while True:
        print(json.dumps(asdict(crowd.told())), flush=True)
        await asyncio.sleep(TELL_EVERY_S)
        if starting.done():
            starting.result()


def _paths(one: dict[str, str]) -> dict[str, Any]:
    return {name: Path(text) for name, text in one.items()}


if __name__ == "__main__":
    uvloop.run(run(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))))
