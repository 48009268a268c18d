"""Starts the demo's processes and ends every one of them by its own id.

Rule of this file: what was started here is ended here, on every way out; nothing is ended by
name. Each process gets a session of its own, so Ctrl-C in the terminal reaches only the demo, and
the kernel ends it should the demo itself be killed.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

STOP_S_MAX = 8.0
"How long a process may take to stop by itself after SIGTERM, in seconds."
PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None)
LOG_TAIL_CHARS = 1_500


class ProcessFailed(Exception):
    """A process ended although the network needs it; `name` and the end of its log say why."""

    def __init__(self, name: str, exit_code: int, log: str) -> None:
        super().__init__(f"{name} ended with exit code {exit_code}:\n{log}")
        self.name = name
        self.exit_code = exit_code


class Processes:
    """The processes of one network, by name, in the order of their start."""

    def __init__(self, log_folder: Path) -> None:
        self._log_folder = log_folder
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._unwanted: set[str] = set()
        self._commands: dict[str, tuple[tuple[str, ...], Mapping[str, str]]] = {}
        self.told: Callable[[str, bool], None] = lambda name, is_running: None
        "Hears which process was ended or stopped here, and which runs again."

    def leave_alone(self, name: str) -> None:
        """Let a process end by somebody else's hand (people are invited to kill nodes)."""
        self._unwanted.add(name)

    def start(
        self, name: str, command: Sequence[str], environment: Mapping[str, str] | None = None
    ) -> int:
        """Start a process under a name that is free; its output goes to `<name>.log`."""
        if self.is_running(name):
            raise ValueError(f"{name} runs already")
        self._log_folder.mkdir(parents=True, exist_ok=True)
        self._commands[name] = (tuple(command), dict(environment or {}))
        with self.log_path(name).open("ab") as log:
            process = subprocess.Popen(
                list(command),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**_inherited(), **(environment or {})},
                start_new_session=True,
                preexec_fn=_end_with_parent,  # noqa: PLW1509 - one prctl call, no lock is taken
            )
        self._running[name] = process
        self._unwanted.discard(name)
        self.told(name, True)
        return process.pid

    def restart(self, name: str) -> int:
        """Start again, with the same command, what has ended."""
        command, environment = self._commands[name]
        self._running.pop(name, None)
        return self.start(name, command, environment)

    def command(self, name: str) -> tuple[str, ...]:
        """With what it was started; KeyError if nothing of that name was."""
        return self._commands[name][0]

    def pid(self, name: str) -> int:
        """The process id; KeyError if nothing of that name was started."""
        return self._running[name].pid

    def is_running(self, name: str) -> bool:
        """Whether the process stands."""
        process = self._running.get(name)
        return process is not None and process.poll() is None

    def names(self) -> tuple[str, ...]:
        """Everything that was started, in order."""
        return tuple(self._running)

    def log_path(self, name: str) -> Path:
        """Where the process writes its output."""
        return self._log_folder / f"{name}.log"

    def log_tail(self, name: str) -> str:
        """The end of its output."""
        try:
            return self.log_path(name).read_text(errors="replace")[-LOG_TAIL_CHARS:]
        except OSError:
            return ""

    def check_wanted(self) -> None:
        """Raise `ProcessFailed` for the first process that ended although nobody here ended it."""
        for name, process in self._running.items():
            code = process.poll()
            if code is not None and name not in self._unwanted:
                raise ProcessFailed(name, code, self.log_tail(name))

    def signal(self, name: str, number: signal.Signals) -> None:
        """Send a signal; a process that has ended is left alone."""
        if self.is_running(name):
            if number != signal.SIGCONT:
                self.told(name, False)
            os.kill(self.pid(name), number)
            if number == signal.SIGCONT:
                self.told(name, True)

    def kill(self, name: str) -> None:
        """End it as a power cut would, and wait until it is gone."""
        self._unwanted.add(name)
        self.signal(name, signal.SIGKILL)
        self._running[name].wait(timeout=STOP_S_MAX)

    def stop(self, *names: str) -> None:
        """End these as an operator would: SIGTERM to all, then SIGKILL to what still stands."""
        for name in names:
            self._unwanted.add(name)
            self.signal(name, signal.SIGCONT)
            self.signal(name, signal.SIGTERM)
        until = time.monotonic() + STOP_S_MAX
        for name in names:
            process = self._running[name]
            try:
                process.wait(timeout=max(0.0, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(timeout=STOP_S_MAX)

    def stop_all(self) -> None:
        """End everything: the last started first, the stores last of all."""
        names = list(reversed(self.names()))
        daemons = [name for name in names if not name.startswith(("etcd", "valkey"))]
        self.stop(*daemons)
        self.stop(*(name for name in names if name not in daemons))


def _inherited() -> dict[str, str]:
    """Our environment without what etcd would read for itself."""
    return {name: value for name, value in os.environ.items() if not name.startswith("ETCD")}


def _end_with_parent() -> None:
    """Linux: the kernel sends SIGKILL to this child when the process that started it is gone."""
    _LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
