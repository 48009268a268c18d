"""Hosts on one machine: network namespaces on a bridge of their own.

Rule of this file: nothing appears in the machine's own network, and `down` removes everything. The
namespaces carry the maker's process id and start time: what a killed run left is found and removed
by the next one, what a living one has is nobody else's, and two labs run side by side.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import itertools
import os
import shutil
import signal
import socket
import struct
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

PREFIX = "nircrun"
SWITCH = "switch"
NETNS = Path("/run/netns")
_CLONE_NEWNET = 0x40000000
_SIOCETHTOOL = 0x8946
_ETHTOOL_OFF = (0x1F, 0x24, 0x2C)
"ethtool's commands that switch TSO, GSO and GRO off."
_STARTED_AT = 19
"Where the start time stands in /proc/PID/stat, counted behind the program's name."
_LIBC = ctypes.CDLL(None, use_errno=True)
_LABS = itertools.count(1)


class LabUnavailable(Exception):
    """This machine does not let us make namespaces; the text says what is missing."""


def why_not() -> str:
    """Why there can be no lab here; empty if there can."""
    for program in ("ip", "iptables-restore", "nsenter"):
        if shutil.which(program) is None:
            return f"{program} is not on PATH (Debian: iproute2 iptables util-linux)"
    if os.geteuid() != 0:
        return "network namespaces need root"
    name = f"{run_name()}-0-probe"
    try:
        run("ip", "netns", "add", name)
        run("ip", "netns", "exec", name, "iptables-restore", text=_table(["-A FAULT -j NFQUEUE"]))
    except LabUnavailable as error:
        return str(error)
    finally:
        with contextlib.suppress(LabUnavailable):
            run("ip", "netns", "del", name)
    return ""


def run_name() -> str:
    """What all names of this process's labs begin with: its number and its start time."""
    return f"{PREFIX}-{os.getpid()}-{started(os.getpid())}"


def started(pid: int) -> str:
    """When a process began, in ticks of this boot; empty if there is no such process."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return ""
    return told.rpartition(")")[2].split()[_STARTED_AT]


def is_left_over(name: str) -> bool:
    """Is this the namespace of a lab whose maker is dead? Of other names nothing is known."""
    prefix, *rest = name.split("-")
    if prefix != PREFIX or len(rest) < 4 or not rest[0].isdigit():
        return False
    return started(int(rest[0])) != rest[1]


def run(*command: str, text: str | None = None) -> str:
    """Run a program to its end. Raises `LabUnavailable` with what it said."""
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    if done.returncode:
        raise LabUnavailable(f"{' '.join(command)}: {done.stderr.strip() or done.returncode}")
    return done.stdout


class Hosts:
    """Named hosts, each with an address on one network: `with Hosts(["n1", "s1"]) as hosts:`."""

    def __init__(self, names: Sequence[str], extra: Sequence[str] = ()) -> None:
        self.names = tuple(names)
        self.extra = tuple(extra)
        "Hosts that watch: no fault of a host reaches them."
        self._run = f"{run_name()}-{next(_LABS)}"
        every = (*self.names, *self.extra)
        self.address = {name: f"10.77.0.{10 + index}" for index, name in enumerate(every)}
        self.lan = "10.77.0.0/24"

    def namespace(self, host: str) -> str:
        """The namespace's name."""
        return f"{self._run}-{host}"

    def __enter__(self) -> Hosts:
        remove_orphans()
        try:
            self._up()
        except BaseException:
            self.down()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.down()

    def enter_command(self, host: str) -> list[str]:
        """What to put before a command so that it runs on a host; its process id stays its own."""
        return ["nsenter", f"--net={NETNS / self.namespace(host)}", "--"]

    @contextlib.contextmanager
    def inside(self, host: str) -> Iterator[None]:
        """This thread on a host: a socket made here stays there."""
        with in_namespace(self.namespace(host)):
            yield

    def add_address(self, host: str, address: str) -> None:
        """A further address of a host."""
        run("ip", "-n", self.namespace(host), "addr", "add", f"{address}/24", "dev", "eth0")

    def take_address(self, host: str, address: str, *, has: bool) -> None:
        """An address that floats comes to a host, or leaves it."""
        verb = "replace" if has else "del"
        with contextlib.suppress(LabUnavailable):
            place = (f"{address}/24", "dev", "eth0")
            run("ip", "-n", self.namespace(host), "addr", verb, *place)

    def rules(self, host: str, rules: Sequence[str]) -> None:
        """What happens to packets that come in at a host: lines of iptables, chain FAULT."""
        command = (*self.enter_command(host), "iptables-restore", "--noflush")
        run(*command, text="\n".join(["*mangle", "-F FAULT", *rules, "COMMIT", ""]))

    def plug(self, host: str, *, plugged: bool) -> None:
        """Take a host off the switch, or put it back. It keeps its carrier: nothing tells it."""
        port = f"p{(*self.names, *self.extra).index(host)}"
        state = ("master", "br0") if plugged else ("nomaster",)
        run("ip", "-n", self.namespace(SWITCH), "link", "set", port, *state)

    def down(self) -> None:
        """Remove every namespace, with what still runs in it."""
        for host in (*self.names, *self.extra, SWITCH):
            _remove(self.namespace(host))

    def _up(self) -> None:
        switch = self.namespace(SWITCH)
        run("ip", "netns", "add", switch)
        run("ip", "-n", switch, "link", "add", "br0", "type", "bridge")
        run("ip", "-n", switch, "link", "set", "br0", "up")
        with contextlib.suppress(LabUnavailable):  # else frames would pass the bridge's own tables
            sysctl = "net.bridge.bridge-nf-call-iptables=0"
            run("ip", "netns", "exec", switch, "sysctl", "-qw", sysctl)
        for index, host in enumerate((*self.names, *self.extra)):
            name = self.namespace(host)
            run("ip", "netns", "add", name)
            peer = ("peer", "name", "eth0", "netns", name)
            run("ip", "-n", switch, "link", "add", f"p{index}", "type", "veth", *peer)
            run("ip", "-n", switch, "link", "set", f"p{index}", "master", "br0", "up")
            run("ip", "-n", name, "link", "set", "lo", "up")
            self.add_address(host, self.address[host])
            run("ip", "-n", name, "link", "set", "eth0", "up")
            _no_offloads(name)
            run(*self.enter_command(host), "iptables-restore", text=_table([]))


@contextlib.contextmanager
def in_namespace(name: str) -> Iterator[None]:
    """The calling thread in a network namespace, for a while."""
    here = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
    try:
        there = os.open(NETNS / name, os.O_RDONLY)
        try:
            _set_namespace(there)
        finally:
            os.close(there)
        try:
            yield
        finally:
            _set_namespace(here)
    finally:
        os.close(here)


def remove_orphans() -> None:
    """Remove what runs that were killed have left here."""
    with contextlib.suppress(OSError):
        for path in NETNS.iterdir():
            if is_left_over(path.name):
                _remove(path.name)


def _remove(name: str) -> None:
    if not (NETNS / name).exists():
        return
    with contextlib.suppress(LabUnavailable):
        for pid in run("ip", "netns", "pids", name).split():
            if int(pid) != os.getpid():
                with contextlib.suppress(OSError):
                    os.kill(int(pid), signal.SIGKILL)
        run("ip", "netns", "del", name)


def _set_namespace(descriptor: int) -> None:
    if _LIBC.setns(descriptor, _CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "setns")


def _no_offloads(name: str) -> None:
    """One packet sent is one packet seen, never a bundle of 64 kB: a loss of 20 % is 20 %."""
    with (
        in_namespace(name),
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock,
        contextlib.suppress(OSError),
    ):
        for command in _ETHTOOL_OFF:
            value = ctypes.create_string_buffer(struct.pack("II", command, 0))
            request = struct.pack("16sP", b"eth0", ctypes.addressof(value))
            fcntl.ioctl(sock, _SIOCETHTOOL, request)


def _table(rules: Sequence[str]) -> str:
    head = ["*mangle", ":FAULT - [0:0]", "-A PREROUTING -j FAULT"]
    return "\n".join([*head, *rules, "COMMIT", ""])
