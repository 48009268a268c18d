"""What a pair of site agents on two machines needs of its operator: an address that follows who
serves, and two machines that cannot look each other's processes up.

Rule of this file: it does what keepalived would with a script that asks `/healthz`, on each host
by itself; nobody tells one host of the other. What leaves the address is timed as it leaves.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from nirc.demo import json_http
from nirc.demo.json_http import HttpFailed
from tests.helpers.lab_hosts import Hosts, run

LOOK_S = 0.1
ASK_S_MAX = 0.5
ANNOUNCE_EVERY_S = 0.5
ARP, IPV4, EVERYTHING = 0x0806, 0x0800, 0x0003
UDP, OUTGOING = 17, 4
SO_TIMESTAMPNS = 35
BROADCAST = b"\xff" * 6
OWN_MACHINE = ("unshare", "--pid", "--fork", "--kill-child", "--mount-proc", "--")
"Before a command: processes, and what is mounted, of a machine of its own. The disk is shared."


def process_inside(pid: int) -> int:
    """The process that `OWN_MACHINE` has started, by the number that it has here."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    with contextlib.suppress(OSError, IndexError, ValueError):
        return int(children.read_text(encoding="ascii").split()[0])
    return pid


@contextlib.contextmanager
def disk_away(pid: int, folder: Path) -> Iterator[None]:
    """The shared folder of a process on a machine of its own is not there: an empty one is."""
    there = ("nsenter", f"--target={pid}", "--mount", "--pid", "--")
    run(*there, "mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder))
    try:
        yield
    finally:
        run(*there, "umount", "-l", str(folder))


@dataclass(slots=True)
class Sent:
    """What left a host from the floating address."""

    count: int = 0
    last_s: float = 0.0
    "By the clock of the histories."


class FloatingAddress:
    """`with FloatingAddress(hosts, address, {host: its /healthz}):`."""

    def __init__(self, hosts: Hosts, address: str, healthz: Mapping[str, str]) -> None:
        self._hosts = hosts
        self._address = socket.inet_aton(address)
        self._name = address
        self._healthz = dict(healthz)
        self._over = threading.Event()
        self._threads: list[threading.Thread] = []
        self.sent = {host: Sent() for host in healthz}

    def __enter__(self) -> FloatingAddress:
        for host in self._healthz:
            run(*self._hosts.enter_command(host), "sysctl", "-qw", "net.ipv4.ip_nonlocal_bind=1")
            for work in (self._follow, self._watch):
                thread = threading.Thread(target=work, args=(host,), daemon=True)
                self._threads.append(thread)
                thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _follow(self, host: str) -> None:
        """Have the address while who is here serves."""
        has, announced_s = False, 0.0
        with self._hosts.inside(host), _frames(ARP) as frames:
            while not self._over.wait(LOOK_S):
                serves = self._serves(host)
                if serves != has:
                    has, announced_s = serves, 0.0
                    self._hosts.take_address(host, self._name, has=has)
                if has and time.monotonic() - announced_s >= ANNOUNCE_EVERY_S:
                    announced_s = time.monotonic()
                    with contextlib.suppress(OSError):
                        frames.send(self._announcement(frames.getsockname()[4]))

    def _serves(self, host: str) -> bool:
        try:
            told = json_http.call("GET", self._healthz[host], "/healthz", timeout_s=ASK_S_MAX)
        except HttpFailed:
            return False
        return bool(told.body["role"] == "active")

    def _announcement(self, mac: bytes) -> bytes:
        """RFC 5227 section 3: an ARP request for one's own address, to everybody."""
        ends = mac + self._address + bytes(6) + self._address
        return BROADCAST + mac + struct.pack(">HHHBBH", ARP, 1, IPV4, 6, 4, 1) + ends

    def _watch(self, host: str) -> None:
        """Time every datagram that leaves from the address."""
        sent = self.sent[host]
        to_boot_s = time.clock_gettime(time.CLOCK_BOOTTIME) - time.time()
        with self._hosts.inside(host), _frames(EVERYTHING) as frames:
            frames.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
            frames.settimeout(LOOK_S)
            while not self._over.is_set():
                try:
                    frame, told, _, sender = frames.recvmsg(64, 64)
                except OSError:
                    continue
                if sender[2] == OUTGOING and self._is_ours(frame) and told:
                    seconds, nanoseconds = struct.unpack("qq", told[0][2])
                    sent.count += 1
                    sent.last_s = seconds + nanoseconds / 1e9 + to_boot_s

    def _is_ours(self, frame: bytes) -> bool:
        is_ipv4 = frame[12:14] == struct.pack(">H", IPV4)
        return is_ipv4 and frame[23] == UDP and frame[26:30] == self._address


def _frames(kind: int) -> socket.socket:
    """A socket for whole frames of a host's wire."""
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(kind))
    sock.bind(("eth0", kind))
    return sock
