"""NIRC nodes as processes, for tests: settings written, started, ended by their own ids."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml
from etcd_cluster import free_ports

ROOT = Path(__file__).resolve().parents[2]
START_S_MAX = 20.0


def nodes_of(
    folder: Path, etcd: list[str], redis_url: str | None, count: int = 3, **more: Any
) -> "list[NodeProcess]":
    """`count` nodes that know one another; `more` goes into every settings file."""
    ports = free_ports(2 * count)
    names = [f"n{i + 1}" for i in range(count)]
    return [
        NodeProcess(
            folder / name,
            {
                "node": name,
                "data_dir": str(folder / name),
                "link": {"listen": f"127.0.0.1:{ports[i]}"},
                "peers": [
                    {"name": other, "address": f"127.0.0.1:{ports[k]}"}
                    for k, other in enumerate(names)
                    if other != name
                ],
                "etcd": {"members": etcd},
                **({"redis": {"url": redis_url}} if redis_url else {}),
                **more,
                "admin": {"listen": f"127.0.0.1:{ports[count + i]}", **more.get("admin", {})},
            },
        )
        for i, name in enumerate(names)
    ]


class NodeProcess:
    """One node and its HTTP API."""

    def __init__(self, folder: Path, settings: Mapping[str, Any]) -> None:
        self.folder = folder
        self.settings = dict(settings)
        self.name = str(settings["node"])
        self.url = f"http://{settings['admin']['listen']}"
        self.link_address = str(settings["link"]["listen"])
        self.token_file = folder / "admin.token"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *, wait: bool = True) -> "NodeProcess":
        """Start it; waits until its API answers and it serves links."""
        self.folder.mkdir(parents=True, exist_ok=True)
        config = self.folder / "node.yaml"
        config.write_text(yaml.safe_dump(self.settings))
        self.token_file.unlink(missing_ok=True)
        with (self.folder / "node.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "nirc", "run", "--config", str(config)],
                cwd=ROOT,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        if wait:
            self.wait_until(lambda: self.status() is not None)
        return self

    @property
    def log(self) -> str:
        """What it has logged so far."""
        return (self.folder / "node.log").read_text()

    def status(self) -> dict[str, Any] | None:
        """Its `/api/v1/status`; None while it does not answer."""
        try:
            return self.ask("/api/v1/status")
        except (OSError, ValueError):
            return None

    def leads(self) -> bool:
        """Whether it would decide now."""
        status = self.status()
        return bool(status and any(domain["leads_here"] for domain in status["domains"]))

    def ask(self, path: str, method: str = "GET", body: bytes | None = None) -> Any:
        """One question to its API; HTTPError when it is refused."""
        request = urllib.request.Request(self.url + path, data=body, method=method)
        request.add_header("Authorization", f"Bearer {self.token_file.read_text().strip()}")
        with urllib.request.urlopen(request, timeout=5) as answer:
            return json.load(answer)

    def wait_until(self, condition: Callable[[], object], wait_s: float = START_S_MAX) -> None:
        """Wait for a condition; TimeoutError with the end of the log otherwise."""
        until = time.monotonic() + wait_s
        while time.monotonic() < until:
            if condition():
                return
            if self.process is not None and self.process.poll() is not None:
                raise RuntimeError(f"{self.name} ended: {self.log[-3000:]}")
            time.sleep(0.02)
        raise TimeoutError(f"{self.name}: {self.log[-3000:]}")

    def kill(self) -> None:
        """End it as a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """Stop it as an operator would; its exit code."""
        return self._end(signal.SIGTERM)

    def freeze(self) -> None:
        """It stands still with its sockets open."""
        assert self.process is not None
        os.kill(self.process.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        assert self.process is not None
        os.kill(self.process.pid, signal.SIGCONT)

    def _end(self, number: int) -> int:
        process, self.process = self.process, None
        if process is None:
            return 0
        if process.poll() is None:
            process.send_signal(signal.SIGCONT)
            process.send_signal(number)
        return process.wait(timeout=15)
