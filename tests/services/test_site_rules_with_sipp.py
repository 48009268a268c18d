"""A whole site agent with its own rules and calendars, with sipp as callers and agents."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import struct
import subprocess
import sys
import time
import urllib.request
import wave
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sipp import Sipp

from nirc.demo.ports import PortTaker
from simulator.checkers.verdict import verdict
from simulator.history import read_history
from site_agent.app import SiteApp
from site_agent.config import parse_config

pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif(shutil.which("sipp") is None, reason="sipp is not installed"),
]
MONDAY_17H_UNIX_S = 1_767_632_400.0
ROOT = Path(__file__).resolve().parents[2]
HEAD = "apiVersion: nirc/v1\n"
GOOD = (
    f"{HEAD}kind: OverflowRules\nmetadata: {{name: lisbon}}\nspec:\n  queues: [{{queue: sales}}]\n"
)
DOCUMENTS = {
    "Calendar/office": f"{HEAD}kind: Calendar\nmetadata: {{name: office}}\nspec:\n"
    '  {time_zone: UTC, hours: [{days: [mon], from: "08:00", to: "18:00"}]}\n',
    "Site/lisbon": f"{HEAD}kind: Site\nmetadata: {{name: lisbon}}\nspec:\n  calendar: office\n"
    "  queues:\n"
    "    - {name: sales, on_close_with_waiting: announce, announcement: goodbye}\n"
    "    - {name: help, on_close_with_waiting: announce, announcement: lost}\n"
    "    - {name: night, on_close_with_waiting: drain}\n",
}


free_port = PortTaker()


def free_ports(count: int) -> list[int]:
    return [free_port() for _ in range(count)]


def config_of(folder: Path, ports: list[int], distribution: str = "longest_ready") -> str:
    ringing, answering, first, second = ports
    (folder / "sounds").mkdir(exist_ok=True)
    with wave.open(str(folder / "sounds" / "goodbye.wav"), "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(8000)
        writer.writeframes(struct.pack("<4000h", *range(4000)))
    numbers = '{"1": sales, "2": help, "3": night}'
    return f"""
site: lisbon
incarnation_file: {folder}/state.json
history_file: {folder}/history.jsonl
local_http: {{listen: "127.0.0.1:0", token_file: {folder}/token}}
overflow_rules: {folder}/rules.yaml
acd:
  kind: sip_acd
  trunk_groups:
    - {{name: ringing, listen: "127.0.0.1:{ringing}", peers: ["127.0.0.0/8"], channels_max: 20,
       transports: [udp], answer_after_s: 60, numbers: {numbers}}}
    - {{name: answering, listen: "127.0.0.1:{answering}", peers: ["127.0.0.0/8"],
       channels_max: 20, transports: [udp], answer_after_s: 0, numbers: {numbers}}}
  media: {{kind: player, announcements: {folder}/sounds}}
  liveness_s: 0
  queues: [{{name: sales}}, {{name: help}}, {{name: night, distribution: {distribution}}}]
  agents:
    - {{name: anna, contact: "sip:anna@127.0.0.1:{first}", queues: {{night: 5}}}}
    - {{name: berta, contact: "sip:berta@127.0.0.1:{second}", queues: {{night: 5}}}}
"""


async def until(what: Callable[[], Any], told: str, within_s: float = 20.0) -> Any:
    for _ in range(int(within_s / 0.05)):
        if found := what():
            return found
        await asyncio.sleep(0.05)
    raise AssertionError(f"never: {told}")


def assert_history_is_good(folder: Path) -> None:
    assert not list(verdict(read_history([folder / "history.jsonl"])).violations)


def caller(folder: Path, name: str, scenario: str, port: int, number: str) -> Sipp:
    return Sipp(
        folder, name=name, scenario=scenario, local=("127.0.0.1", free_ports(1)[0]),
        remote=f"127.0.0.1:{port}", number=number,
    )  # fmt: skip


async def test_closing_lets_waiting_callers_go_ringing_and_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = [MONDAY_17H_UNIX_S]
    monkeypatch.setattr("site_agent.app.unix_s", lambda: moment[0])
    ports = free_ports(4)
    state = {
        "incarnation": 1, "epochs": {}, "site_table_revision": -1, "site_table": "",
        "documents": json.dumps(DOCUMENTS),
    }  # fmt: skip
    (tmp_path / "state.json").write_text(json.dumps(state))
    (tmp_path / "rules.yaml").write_text(GOOD.replace("queue: sales", 'queue: "*"'))
    app = SiteApp(parse_config(config_of(tmp_path, ports), source="f"))
    await app.start()

    def view() -> Any:
        return app._daemon.view(0.0)

    with (
        caller(tmp_path, "help", "caller_refused.xml", ports[0], "2") as refused,
        caller(tmp_path, "sales", "caller_let_go.xml", ports[1], "1") as answered,
        caller(tmp_path, "ring", "caller_let_go.xml", ports[0], "1") as ringing,
    ):
        try:
            await until(lambda: len(view().calls) == 3, "three callers wait")
            moment[0] += 7_200.0
            await until(lambda: not any(q.open for q in view().queues), "the queues are closed")
            for caller_ in (refused, answered, ringing):
                run = await asyncio.to_thread(caller_.finish)
                run.assert_passed()
            assert view().counters["rejected_closed"] == 3
            alarms = [alarm.text for alarm in view().alarms]
            assert any("lost.wav" in text for text in alarms), "a missing one is told and skipped"
        finally:
            await app.stop()
    assert_history_is_good(tmp_path)


async def test_two_agents_are_rung_at_once_and_one_has_the_call(tmp_path: Path) -> None:
    ports = free_ports(4)
    (tmp_path / "rules.yaml").write_text(GOOD)
    app = SiteApp(parse_config(config_of(tmp_path, ports, "broadcast"), source="f"))
    await app.start()

    def states() -> dict[str, str]:
        return {agent.agent: agent.state for agent in app._daemon.view(0.0).agents}

    with (
        Sipp(
            tmp_path, name="anna", scenario="agent_silent.xml", local=("127.0.0.1", ports[2])
        ) as silent,
        Sipp(tmp_path, name="berta", scenario="agent_answers.xml", local=("127.0.0.1", ports[3])),
    ):
        try:
            with caller(tmp_path, "caller", "caller_plain.xml", ports[0], "3") as found:
                await asyncio.to_thread(silent.wait_for_message, "INVITE sip:")
                run = await asyncio.to_thread(found.finish)
                run.assert_passed()
            await asyncio.to_thread(silent.wait_for_message, "CANCEL sip:")
            await until(
                lambda: states() == {"anna": "ready", "berta": "ready"}, "both are ready again"
            )
        finally:
            await app.stop()
    lines = [json.loads(line) for line in (tmp_path / "history.jsonl").open()]
    assert [line["agent"] for line in lines if line["kind"] == "agent_call"] == ["berta"]
    assert_history_is_good(tmp_path)


@contextmanager
def process(folder: Path, config: str) -> Iterator[subprocess.Popen[bytes]]:
    """A site agent as it is run, with its log in a file."""
    (folder / "site.yaml").write_text(config)
    with (folder / "log").open("wb") as log:
        running = subprocess.Popen(
            [sys.executable, "-m", "site_agent", "run", "--config", str(folder / "site.yaml")],
            stdout=log, stderr=log, env=os.environ | {"PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        try:
            yield running
        finally:
            running.terminate()
            running.wait(timeout=20)


def test_rules_are_read_again_and_a_broken_file_never_reaches_a_call(tmp_path: Path) -> None:
    ports = free_ports(5)
    rules, http = tmp_path / "rules.yaml", ports.pop()
    rules.write_text(GOOD)
    config = config_of(tmp_path, ports).replace(
        'listen: "127.0.0.1:0"', f'listen: "127.0.0.1:{http}"'
    )

    def status() -> Any:
        token = (tmp_path / "token").read_text().strip()
        request = urllib.request.Request(
            f"http://127.0.0.1:{http}/v1/status", headers={"Authorization": f"Bearer {token}"}
        )
        try:
            with urllib.request.urlopen(request, timeout=5) as reply:
                return json.load(reply)
        except OSError:
            return None

    def wait(what: Callable[[Any], bool], told: str) -> Any:
        for _ in range(400):
            found = status() if (tmp_path / "token").exists() else None
            if found is not None and what(found):
                return found
            time.sleep(0.05)
        raise AssertionError(f"never: {told}; {(tmp_path / 'log').read_text()}")

    def taken(found: Any) -> int:
        return int(found["counters"].get("overflow_rules_taken", 0))

    with process(tmp_path, config) as running:
        wait(lambda s: taken(s) == 1, "the file is read at the start")
        rules.write_text(GOOD.replace("queue: sales", "queue: sales, requery_s: soon"))
        found = wait(lambda s: s["overflow_rules"]["problem"] != "", "the broken file is refused")
        assert "^" in found["overflow_rules"]["problem"] and taken(found) == 1
        assert found["overflow_rules"]["source"] == str(rules), "the last good rules stay"
        assert "overflow_rules_refused" in [alarm["code"] for alarm in found["alarms"]]
        rules.write_text(GOOD.replace("queue: sales", "queue: sales, requery_s: 2"))
        found = wait(lambda s: taken(s) == 2, "the good file is taken")
        assert found["overflow_rules"]["problem"] == "" and found["alarms"] == [
            alarm for alarm in found["alarms"] if alarm["code"] != "overflow_rules_refused"
        ]
        running.send_signal(signal.SIGHUP)
        wait(lambda s: taken(s) == 3, "read again when told to")
    log = (tmp_path / "log").read_text()
    assert "rules.yaml:5:" in log and "requery_s" in log and "Traceback" not in log
