"""The process of a balancer on real sockets: members change while it runs."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from site_agent.balancer.app import BalancerApp
from site_agent.errors import StartError

FILE = """
balancer: lisbon
doors: [{{name: carrier, listen: "127.0.0.1:{port}", peers: [127.0.0.0/8], transports: [udp]}}]
members:
  - {{name: one, addresses: {{carrier: "127.0.0.1:1"}}}}
{more}"""


def write(path: Path, more: str = "", port: int = 0) -> None:
    path.write_text(FILE.format(port=port, more=more))


async def test_members_are_those_of_the_file_and_a_wrong_file_changes_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "balancer.yaml"
    write(path)
    app = BalancerApp(path)
    await app.start()
    try:
        write(path, '  - {name: two, addresses: {carrier: "127.0.0.1:2"}}\n')
        app.read_again()
        names = [one["name"] for one in app._balancer.status()["members"]]
        assert names == ["one", "two"]
        path.write_text("balancer: lisbon\ndoors: []\n")
        app.read_again()
        assert len(app._balancer.status()["members"]) == 2
        assert "nothing is changed" in caplog.text
    finally:
        await app.stop()


async def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    first, second = tmp_path / "first.yaml", tmp_path / "second.yaml"
    write(first)
    app = BalancerApp(first)
    await app.start()
    try:
        write(second, port=app.addresses["carrier"][1])
        other = BalancerApp(second)
        with pytest.raises(StartError, match=r"door carrier: cannot listen on 127\.0\.0\.1"):
            await other.start()
        await other.stop()
    finally:
        await app.stop()


async def test_a_changed_file_is_found_without_a_word(tmp_path: Path) -> None:
    path = tmp_path / "balancer.yaml"
    write(path)
    app = BalancerApp(path)
    await app.start()
    try:
        write(tmp_path / "new", '  - {name: two, addresses: {carrier: "127.0.0.1:2"}}\n')
        (tmp_path / "new").replace(path)
        for _ in range(400):
            if len(app._balancer.status()["members"]) == 2:
                return
            await asyncio.sleep(0.05)
        raise AssertionError("the file was never read again")
    finally:
        await app.stop()
