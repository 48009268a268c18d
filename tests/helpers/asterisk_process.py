"""The demo's Asterisk in the hands of a test: killed, started again, its agents made ready.

Rule of this file: what runs it stands in nirc.demo; here is what only a test does to it. The folder
with Debian and Asterisk in it is made if need be.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from source_tree import ROOT

from nirc.demo.asterisk_process import START_S_MAX, Asterisk
from nirc.demo.asterisk_program import SCRIPT, NoAsterisk
from nirc.demo.processes import Processes


def asterisk_root() -> Path:
    """The folder with Debian and Asterisk in it, made if need be. Raises NoAsterisk."""
    made = subprocess.run(["sh", str(ROOT / SCRIPT)], capture_output=True, text=True, check=False)
    if made.returncode != 0:
        raise NoAsterisk(made.stderr.strip().splitlines()[-1] if made.stderr.strip() else "?")
    return Path(made.stdout.strip().splitlines()[-1])


class HandledAsterisk:
    """One Asterisk, and what a test does to it."""

    def __init__(self, asterisk: Asterisk, processes: Processes) -> None:
        self._asterisk = asterisk
        self._processes = processes
        self.place = asterisk.place
        self.folder = asterisk.folder

    def kill(self) -> None:
        """As a power cut would."""
        self._processes.kill(self._asterisk.name)
        until = time.monotonic() + START_S_MAX
        while self._asterisk.answers():
            assert time.monotonic() < until, f"{self._asterisk.name} still listens"
            time.sleep(0.02)

    def start_again(self) -> None:
        """After `kill`: with the same files."""
        self._processes.restart(self._asterisk.name)
        self._asterisk.wait_up()

    def say(self, words: str) -> str:
        """One command of its console."""
        return self._asterisk.say(words)

    def wait_phones(self, agents: Sequence[str]) -> None:
        """Until the phones of all agents are there and free."""
        self._asterisk.wait_phones(agents)

    def unpause(self, agents: Sequence[str]) -> None:
        """Agents say that they are ready again."""
        for agent in agents:
            self.say(f"queue unpause member PJSIP/{agent}")
