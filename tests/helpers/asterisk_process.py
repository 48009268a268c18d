"""A real Asterisk for tests, in a chroot with its own mount and process namespaces.

Rule of this file: started through `Processes`, ended by its own id; the kernel ends everything in
its namespaces with it and nothing stays mounted. It runs as the chroot's user asterisk.
"""

from __future__ import annotations

import os
import shlex
import socket
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

import asterisk_files
from asterisk_files import AsteriskPlace
from source_tree import ROOT

from nirc.demo.processes import Processes

START_S_MAX = 30.0
SETTINGS = f"{asterisk_files.INSIDE}/etc/asterisk.conf"
SCRIPT = ROOT / "scripts" / "make_asterisk_root.sh"
IN_CHROOT = "chroot --userspec=asterisk:asterisk {root} /usr/sbin/asterisk {more}"
OUTSIDE = """trap 'kill -KILL $inner' TERM
setpriv --pdeathsig KILL unshare --mount --pid --fork --kill-child --propagation private \\
    sh -c "$1" & inner=$!
wait $inner"""
"SIGTERM (which unshare does not heed) ends all of it, and so does the end of this shell."


class NoAsterisk(Exception):
    """This machine cannot have one; the text says why."""


def asterisk_root() -> Path:
    """The folder with Debian and Asterisk in it, made if need be. Raises NoAsterisk."""
    made = subprocess.run(["sh", str(SCRIPT)], capture_output=True, text=True, check=False)
    if made.returncode != 0:
        raise NoAsterisk(made.stderr.strip().splitlines()[-1] if made.stderr.strip() else "?")
    return Path(made.stdout.strip().splitlines()[-1])


class Asterisk:
    """One Asterisk with a folder of its own."""

    def __init__(self, name: str, folder: Path, place: AsteriskPlace, processes: Processes) -> None:
        self.name = name
        self.folder = folder
        self.place = place
        self._processes = processes
        self._root = asterisk_root()

    def start(self) -> None:
        """Write its files, start it, and wait until its manager answers."""
        asterisk_files.write(self.folder, self.place)
        owner = self._owner()
        for path in (self.folder, *self.folder.rglob("*")):
            os.chown(path, *owner)
        self._processes.start(self.name, self._command())
        self._wait_up()

    def restart(self) -> None:
        """End it as a power cut would, and start it again with the same files."""
        self.kill()
        self.start_again()

    def start_again(self) -> None:
        """After `kill`: with the same files."""
        self._processes.restart(self.name)
        self._wait_up()

    def kill(self) -> None:
        """As a power cut would; the namespaces end with their first process."""
        self._processes.kill(self.name)
        until = time.monotonic() + START_S_MAX
        while self._answers():
            assert time.monotonic() < until, f"{self.name} still listens"
            time.sleep(0.02)

    def say(self, words: str) -> str:
        """One command of its console."""
        inside = IN_CHROOT.format(
            root=shlex.quote(str(self._root)),
            more=f"-C {SETTINGS} -rx {shlex.quote(words)}",
        )
        pid = self._inner_pid()
        command = ["nsenter", "--target", str(pid), "--mount", "--pid", "sh", "-c", inside]
        found = subprocess.run(command, capture_output=True, text=True, check=False, timeout=20)
        return found.stdout + found.stderr

    def wait_phones(self, agents: Sequence[str]) -> None:
        """Ask the phones now (Asterisk itself takes up to `qualify_frequency` to), and wait."""
        until = time.monotonic() + START_S_MAX
        while (shown := self.say("queue show")).count("(Not in use)") < len(agents):
            assert time.monotonic() < until, shown
            for agent in agents:
                self.say(f"pjsip qualify {agent}")
            time.sleep(0.1)

    def unpause(self, agents: Sequence[str]) -> None:
        """Agents say that they are ready again."""
        for agent in agents:
            self.say(f"queue unpause member PJSIP/{agent}")

    def log(self) -> str:
        """What it wrote."""
        try:
            return (self.folder / "log" / "full").read_text(errors="replace")
        except OSError:
            return ""

    def _command(self) -> list[str]:
        root = shlex.quote(str(self._root))
        inside = (
            f"mount -t proc proc {root}/proc && "
            f"mount --bind {shlex.quote(str(self.folder))} {root}{asterisk_files.INSIDE} && "
            f"{IN_CHROOT.format(root=root, more=f'-n -f -C {SETTINGS}')}; exit $?"
        )
        return ["sh", "-c", OUTSIDE, "asterisk", inside]

    def _owner(self) -> tuple[int, int]:
        for line in (self._root / "etc" / "passwd").read_text().splitlines():
            name, _, uid, gid, *_ = line.split(":")
            if name == "asterisk":
                return int(uid), int(gid)
        raise NoAsterisk(f"{self._root} has no user asterisk: remove the folder, it is made anew")

    def _inner_pid(self) -> int:
        pid = self._processes.pid(self.name)
        for _ in ("unshare", "the first process inside"):
            pid = int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])
        return pid

    def _answers(self) -> bool:
        host, _, port = self.place.ami.rpartition(":")
        try:
            with socket.create_connection((host, int(port)), timeout=1.0) as link:
                return link.recv(64).startswith(b"Asterisk Call Manager")
        except OSError:
            return False

    def _wait_up(self) -> None:
        until = time.monotonic() + START_S_MAX
        while not (self._answers() and self._booted()):
            self._processes.check_wanted()
            if time.monotonic() > until:
                raise TimeoutError(f"{self.name} did not come up\n{self.log()[-3000:]}")
            time.sleep(0.05)

    def _booted(self) -> bool:
        """Has it loaded all its modules?"""
        return "fully booted" in self.say("core waitfullybooted").lower()
