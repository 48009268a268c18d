"""A real Kamailio with the configuration of docs/adapters/kamailio, its addresses replaced.

Rule of this file: the text is taken as it stands but for addresses, so that what is tested is what
is to be copied. It runs in a folder of the test's own and is ended by its own id.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "docs" / "adapters" / "kamailio"
START_S_MAX = 15.0


def kamailio_program() -> str | None:
    """On PATH, or where Debian puts it; None: not installed."""
    found = shutil.which("kamailio")
    return found or next((p for p in ("/usr/sbin/kamailio",) if Path(p).exists()), None)


def has_module(name: str) -> bool:
    """Whether a module that a package of its own brings is installed."""
    return any(Path("/usr/lib").glob(f"*/kamailio/modules/{name}.so"))


class Kamailio:
    """One edge. `start` waits until it listens; `stop` ends its whole process group."""

    def __init__(
        self,
        folder: Path,
        *,
        port: int,
        default: str,
        more: dict[str, str],
        name: str = "kamailio.cfg",
    ) -> None:
        """`more`: further texts to replace, addresses only."""
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        listed = folder / "dispatcher.list"
        replaced = {
            "192.0.2.10:5060": f"127.0.0.1:{port}",
            "192.0.2.101:5060": default,
            "198.51.100.0/24": "127.0.0.0/8",
            "/etc/kamailio/dispatcher.list": str(listed),
            **more,
        }
        for source, target in ((name, "kamailio.cfg"), ("dispatcher.list", "dispatcher.list")):
            text = (EXAMPLE / source).read_text()
            for old, new in replaced.items():
                text = text.replace(old, new)
            (folder / target).write_text(text)
        self.port = port
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> Kamailio:
        """Start it; RuntimeError with its log where it ends."""
        program = kamailio_program()
        assert program is not None
        run = self.folder / "run"
        run.mkdir(exist_ok=True)
        command = [
            *(program, "-DD", "-E", "-f", str(self.folder / "kamailio.cfg")),
            *("-Y", str(run), "-w", str(run), "-m", "64", "-M", "8"),
        ]
        with (self.folder / "kamailio.log").open("ab") as log:
            self.process = subprocess.Popen(
                command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True
            )
        until = time.monotonic() + START_S_MAX
        while time.monotonic() < until:
            if self.process.poll() is not None:
                raise RuntimeError(f"kamailio ended: {self.log[-3000:]}")
            if f":{self.port:04X} " in Path("/proc/net/udp").read_text():
                return self
            time.sleep(0.05)
        raise TimeoutError(self.log[-3000:])

    @property
    def log(self) -> str:
        """What it has logged so far."""
        return (self.folder / "kamailio.log").read_text(errors="replace")

    def stop(self) -> None:
        """End it and the processes that it started."""
        process, self.process = self.process, None
        if process is None or process.poll() is not None:
            return
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(timeout=10)
