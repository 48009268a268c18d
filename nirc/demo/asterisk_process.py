"""Runs one Asterisk in a folder of its own: start, one command of its console, what it wrote.

Rule of this file: started and ended through `Processes`, by its own id, as the user who runs the
demo; all that it reads and writes is in its folder.
"""

from __future__ import annotations

import os
import shlex
import socket
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from nirc.demo import asterisk_files
from nirc.demo.asterisk_files import AsteriskPlace, AsteriskStaff
from nirc.demo.asterisk_program import AsteriskProgram
from nirc.demo.network_status import NotReady
from nirc.demo.processes import Processes

START_S_MAX = 30.0
SAY_S_MAX = 20.0
RUN = ("-n", "-f")
"Without colours, in the foreground."
POLL_S = 0.05
SETTLE_S = 0.1
SOCKET_PATH_MAX = 107
LOG_TAIL_CHARS = 3_000


class Asterisk:
    """One Asterisk with a folder of its own."""

    def __init__(  # noqa: PLR0917
        self,
        name: str,
        folder: Path,
        place: AsteriskPlace,
        processes: Processes,
        program: AsteriskProgram,
        staff: AsteriskStaff | None = None,
    ) -> None:
        self.name = name
        self.folder = folder.absolute()
        self.place = place
        self._processes = processes
        self._program = program
        self._staff = staff

    def start(self) -> None:
        """Write its files, start it, and wait until it has all its modules. Raises NotReady."""
        self._check_socket()
        asterisk_files.write(self.folder, self.place, self._program, self._staff)
        self._processes.start(self.name, self._command(*RUN), self._program.environment)
        self.wait_up()

    def say(self, words: str) -> str:
        """One command of its console, and the answer; empty while nobody answers."""
        found = subprocess.run(
            self._command("-rx", words),
            capture_output=True,
            text=True,
            check=False,
            timeout=SAY_S_MAX,
            env={**os.environ, **self._program.environment},
        )
        return found.stdout + found.stderr

    def answers(self) -> bool:
        """Does its manager greet?"""
        host, _, port = self.place.ami.rpartition(":")
        try:
            with socket.create_connection((host, int(port)), timeout=1.0) as link:
                return link.recv(64).startswith(b"Asterisk Call Manager")
        except OSError:
            return False

    def wait_up(self) -> None:
        """Until its manager greets and its modules are loaded."""
        until = time.monotonic() + START_S_MAX
        while not (self.answers() and self._booted()):
            self._processes.check_wanted()
            if time.monotonic() > until:
                raise NotReady(f"{self.name} did not come up:\n{self.log()[-LOG_TAIL_CHARS:]}")
            time.sleep(POLL_S)

    def wait_phones(self, agents: Sequence[str]) -> None:
        """Until every phone is there and free: Asterisk asks a new one by itself only after up to
        `qualify_frequency`, so it is told to ask now."""
        until = time.monotonic() + START_S_MAX
        while (missing := self._missing(agents, shown := self.say("queue show"))) and (
            time.monotonic() < until
        ):
            for agent in missing:
                self.say(f"pjsip qualify {agent}")
            time.sleep(SETTLE_S)
        if missing:
            raise NotReady(f"phones of {self.name} did not come: {', '.join(missing)}\n{shown}")

    def log(self) -> str:
        """What it wrote."""
        try:
            return (self.folder / "log" / "full").read_text(errors="replace")
        except OSError:
            return ""

    def as_typed(self, *words: str) -> str:
        """The command with these words, for a person to type."""
        return shlex.join(self._command(*words))

    def _command(self, *words: str) -> list[str]:
        settings = self.folder / "etc" / "asterisk.conf"
        return [*self._program.command, "-C", str(settings), *words]

    def _missing(self, agents: Sequence[str], shown: str) -> list[str]:
        lines = [line for line in shown.splitlines() if "(Not in use)" in line]
        return [one for one in agents if not any(f"(PJSIP/{one})" in line for line in lines)]

    def _booted(self) -> bool:
        """Has it loaded all its modules?"""
        return "fully booted" in self.say("core waitfullybooted").lower()

    def _check_socket(self) -> None:
        path = str(self.folder / "run" / "asterisk.ctl")
        if len(path) > SOCKET_PATH_MAX:
            raise NotReady(f"{path} is too long for a socket: run it in a folder with a short name")
