"""Two members of a pair in one process, as if on two machines: never two serve at once."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from site_agent import pair_app
from site_agent.config import SiteConfig, parse_config
from site_agent.core.pair_words import FolderFailed, FolderJob, Holder, PairEvent
from site_agent.pair_app import PairApp
from site_agent.pair_processes import this_process


def config_of(folder: Path, name: str, port: int) -> SiteConfig:
    text = f"""
site: lisbon
incarnation_file: {folder}/state.json
history_file: {folder}/{name}.jsonl
pair: {{name: {name}, folder: {folder}, hosts: two,
       lease_s: 1.5, margin_s: 0.3, renew_s: 0.1, watch_s: 0.02}}
acd:
  kind: sip_acd
  trunk_groups:
    - {{name: carrier, listen: "127.0.0.1:{port}", peers: ["127.0.0.0/8"], channels_max: 20}}
  media: {{kind: player}}
  queues: [{{name: sales}}]
"""
    return parse_config(text, source="f")


class Pair:
    def __init__(self, folder: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.folder = folder
        self.members: dict[str, PairApp] = {}
        self.served: list[str] = []

    async def start(self, name: str) -> PairApp:
        config = config_of(self.folder, name, self.port)
        self.members[name] = PairApp(config, lambda: self.served.append(name))
        await self.members[name].start()
        return self.members[name]

    def roles(self) -> dict[str, str]:
        return {name: member.view().role for name, member in self.members.items()}

    async def until(self, is_so: Callable[[], bool]) -> None:
        async with asyncio.timeout(20):
            while not is_so():
                assert list(self.roles().values()).count("active") <= 1
                await asyncio.sleep(0.01)


@pytest.fixture
async def pair(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pair:
    def elsewhere(name: str, life: str) -> Holder:
        return replace(this_process(name, life), boot=name)

    monkeypatch.setattr(pair_app, "this_process", elsewhere)
    pair = Pair(tmp_path)
    await pair.start("a")
    await pair.until(lambda: pair.served == ["a"])
    await pair.start("b")
    return pair


async def test_a_holder_that_is_cut_from_the_folder_stops_before_the_other_begins(
    pair: Pair,
) -> None:
    a = pair.members["a"]
    real, cut = a._folder.do, [True]

    def do(job: FolderJob) -> PairEvent:
        return FolderFailed(problem="cut") if cut[0] else real(job)

    a._folder.do = do  # type: ignore[method-assign]
    await pair.until(lambda: pair.served == ["a", "b"])
    assert pair.roles() == {"a": "standby", "b": "active"}
    assert a.view().problems["lease_folder_away"] == "cut"
    cut[0] = False
    await pair.members["b"].stop()
    await pair.until(lambda: pair.served == ["a", "b", "a"])
    view = a.view()
    assert (view.fence, view.holder, view.problems) == (3, "a", {}) and view.lease_left_s > 0
    await a.stop()


async def test_a_planned_stop_lets_the_other_begin_at_once(pair: Pair) -> None:
    await pair.until(lambda: pair.members["b"].view().fence == 1)
    began_s = asyncio.get_running_loop().time()
    stopping = asyncio.ensure_future(pair.members["a"].stop())
    await pair.until(lambda: pair.served == ["a", "b"])
    assert asyncio.get_running_loop().time() - began_s < 5.0
    await stopping
    pair.members["b"].read_rules()
    await pair.members["b"].stop()
    assert pair.roles() == {"a": "stopped", "b": "stopped"}


async def test_who_cannot_serve_lets_go_and_says_why(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    pair = Pair(tmp_path)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", pair.port))
        a = await pair.start("a")
        await pair.until(lambda: "cannot serve" in caplog.text)
        await pair.until(lambda: a.view().holder == "" and a.view().fence == 1)
    assert "cannot listen" in caplog.text and a.view().role == "standby" and not pair.served
    await a.stop()
