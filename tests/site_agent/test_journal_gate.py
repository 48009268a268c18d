"""Nothing leaves before the journal has it; turns that wait share a sync; trouble is told once."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from nrcli.wire.messages import Cancel
from site_agent import journal_gate
from site_agent.adapters.base import KeepForRestart
from site_agent.core.actions import JournalDrop, JournalPut, SendToNode
from site_agent.core.events import JournalTold
from site_agent.journal_file import JournalFile
from site_agent.journal_gate import JournalGate
from site_agent.journal_lines import Head

HEAD = Head(site="lisbon", boot_id="b1", unix_offset_s=0.0)


class Desk:
    """A gate with a slow disk at will."""

    def __init__(self, path: Path, sync_s_max: float = 5.0) -> None:
        self.path = path
        self.file = JournalFile(path, HEAD, 10_000_000)
        self.file.read()
        self.order: list[str] = []
        self.told: list[str] = []
        self.disk = threading.Event()
        self.disk.set()
        self.fails = False
        self.syncs = 0
        plain = self.file.sync

        def sync() -> None:
            self.disk.wait(5.0)
            self.syncs += 1
            if self.fails:
                raise OSError(28, "No space left on device")
            plain()

        self.file.sync = sync  # type: ignore[method-assign]
        self.gate = JournalGate(
            self.file,
            sync_s_max=sync_s_max,
            carry=self.carry,
            before=lambda: self.order.append("history"),
            post_first=self.post,
        )
        self.gate.start()

    def carry(self, action: Any, now_s: float) -> list[Any]:
        assert not self.file.has_pending
        self.order.append(action.message.token)
        return []

    def post(self, call: Callable[[float], Any]) -> None:
        for event in call(0.0):
            assert isinstance(event, JournalTold)
            self.told.append(event.problem)

    def turn(self, token: str, *, sync: bool) -> None:
        self.gate.keep(JournalPut(kind="move", key=token, value={}, sync=sync))
        self.send(token)
        self.gate.turn_ends()

    def send(self, token: str) -> None:
        message = Cancel(token=token, request_id="r", from_site="a", to_site="b")
        assert not list(self.gate.carry_out(SendToNode(node="n1", message=message), 0.0))

    async def until(self, done: Callable[[], bool]) -> None:
        for _ in range(500):
            if done():
                return
            await asyncio.sleep(0.01)
        raise AssertionError((self.order, self.told))


def on_loop(path: Path, scene: Callable[[Desk], Awaitable[None]], **how: float) -> None:
    async def run() -> None:
        desk = Desk(path, **how)
        try:
            await scene(desk)
        finally:
            desk.disk.set()
            desk.gate.stop()

    asyncio.run(run())


def test_without_a_sync_it_is_written_and_leaves_at_once(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        desk.turn("t1", sync=False)
        assert desk.order == ["history", "t1"] and desk.syncs == 0
        desk.gate.keep_now([KeepForRestart(kind="acd_call", key="c", value={"a": 1})])
        desk.gate.keep_now([KeepForRestart(kind="acd_call", key="c", value=None)])
        desk.gate.keep(JournalDrop(kind="move", key="t1"))
        desk.gate.turn_ends()
        assert JournalFile(desk.path, HEAD, 10_000_000).read().entries == ()

    on_loop(tmp_path / "j", scene)


def test_a_drop_that_must_survive_waits_too(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        desk.gate.keep(JournalDrop(kind="callback", key="cb", sync=True))
        desk.send("t1")
        desk.gate.turn_ends()
        assert desk.order == ["history"]
        await desk.until(lambda: len(desk.order) > 1)
        assert desk.order == ["history", "t1"] and desk.syncs == 1

    on_loop(tmp_path / "j", scene)


def test_what_must_be_on_disk_waits_and_all_that_waits_shares_one_sync(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        desk.disk.clear()
        desk.turn("t1", sync=True)
        await asyncio.sleep(0.02)
        for number in range(2, 50):
            desk.turn(f"t{number}", sync=number % 2 == 0)
        desk.send("after")
        assert desk.order.count("t1") == 0
        desk.disk.set()
        await desk.until(lambda: "after" in desk.order)
        left = [word for word in desk.order if word != "history"]
        assert left == [*(f"t{number}" for number in range(1, 50)), "after"]
        assert desk.syncs == 2 and desk.told == []

    on_loop(tmp_path / "j", scene)


def test_a_slow_disk_delays_by_its_limit_and_is_told(tmp_path: Path) -> None:
    async def scene(desk: Desk) -> None:
        desk.disk.clear()
        desk.turn("t1", sync=True)
        await desk.until(lambda: "t1" in desk.order)
        assert "longer than 0.05 s" in desk.told[0]
        desk.disk.set()
        await desk.until(lambda: desk.told[-1] == "")

    on_loop(tmp_path / "j", scene, sync_s_max=0.05)


def test_a_full_disk_costs_the_journal_and_no_call_and_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_gate, "AGAIN_S", 0.05)

    async def scene(desk: Desk) -> None:
        desk.fails = True
        desk.turn("t1", sync=True)
        await desk.until(lambda: "t1" in desk.order)
        assert "No space left" in desk.told[0] and not desk.path.exists()
        desk.turn("t2", sync=True)
        assert desk.order[-1] == "t2"
        desk.fails = False
        await desk.until(lambda: desk.told[-1] == "")
        kept = JournalFile(desk.path, HEAD, 10_000_000).read().entries
        assert [key for _, key, _ in kept] == ["t1", "t2"]

    on_loop(tmp_path / "j", scene)


def test_it_is_written_anew_beside_the_loop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("site_agent.journal_file.ANEW_BYTES_MIN", 500)

    async def scene(desk: Desk) -> None:
        for number in range(50):
            desk.gate.keep(JournalPut(kind="move", key="t", value={"number": number}))
            desk.gate.turn_ends()
        await desk.until(lambda: desk.file.anew_count > 1)

    on_loop(tmp_path / "j", scene)


def test_a_folder_that_cannot_be_is_told_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    async def scene(desk: Desk) -> None:
        assert "cannot be written" in desk.told[0]
        desk.turn("t1", sync=True)
        assert desk.order == ["t1"]

    on_loop(tmp_path / "file" / "j", scene)
