"""A process that holds packets back: delay, jitter, loss, reordering, copies and refusals.

Rule of this file: only packets of paths that have such a fault pass here; where the fault names a
beginning of a datagram's text, it is for those alone. They wait in the receiver's NFQUEUE (one
number for each sender) for this process's word; should it die, packets pass undelayed. Rules come
as one JSON object a line on standard input; its end ends the process.

Formats: linux/netlink.h, linux/netfilter/nfnetlink_queue.h.
"""

from __future__ import annotations

import contextlib
import heapq
import json
import random
import select
import socket
import struct
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.helpers.lab_datagrams import Datagram, datagram_in, packet_of, refusal_of
from tests.helpers.lab_hosts import in_namespace

NETLINK_NETFILTER = 12
PACKET, VERDICT, CONFIG = 0x300, 0x301, 0x302
REQUEST_ACK = 0x05
CFG_COMMAND, CFG_PARAMS, CFG_LENGTH = 1, 2, 3
BIND, COPY_PACKET = 1, 2
PACKET_HEADER, VERDICT_HEADER, PAYLOAD = 1, 2, 10
COPIED_BYTES = 4_096
DROP, ACCEPT = 0, 1
SOL_NETLINK, NO_ENOBUFS, SO_RCVBUFFORCE = 270, 5, 33
QUEUE_PACKETS_MAX = 65_535
READ_BYTES = 65_536


def attribute(kind: int, data: bytes) -> bytes:
    """One netlink attribute, padded to four bytes."""
    return struct.pack("HH", len(data) + 4, kind) + data + bytes(-len(data) % 4)


def message(kind: int, flags: int, queue: int, body: bytes) -> bytes:
    """One nfnetlink message for a queue."""
    whole = struct.pack("BB", 0, 0) + struct.pack(">H", queue) + body
    return struct.pack("IHHII", 16 + len(whole), kind, flags, 0, 0) + whole


def packets_in(data: bytes) -> list[tuple[int, int, bytes]]:
    """(queue, packet id, the packet) of every packet told of in a message of the kernel."""
    found = []
    at = 0
    while at + 16 <= len(data):
        length, kind = struct.unpack_from("IH", data, at)
        if length < 16:
            break
        if kind == PACKET:
            queue = struct.unpack_from(">H", data, at + 18)[0]
            packet, whole = _packet(data, at + 20, at + length)
            if packet is not None:
                found.append((queue, packet, whole))
        at += (length + 3) & ~3
    return found


def _packet(data: bytes, at: int, end: int) -> tuple[int | None, bytes]:
    packet, whole = None, b""
    while at + 4 <= end:
        length, kind = struct.unpack_from("HH", data, at)
        if length < 4:
            break
        if kind == PACKET_HEADER:
            packet = int(struct.unpack_from(">I", data, at + 4)[0])
        elif kind == PAYLOAD:
            whole = data[at + 4 : at + length]
        at += (length + 3) & ~3
    return packet, whole


Rule = dict[str, Any]
"A `Weather` as JSON."


@dataclass(slots=True)
class Shaper:
    """The queues of all hosts; `hosts` in the order of the queues' numbers."""

    hosts: list[str]
    chance: random.Random
    rules: dict[tuple[str, str], Rule] = field(default_factory=dict)
    waiting: list[tuple[float, int, socket.socket, int, int]] = field(default_factory=list)
    count: int = 0
    raw: dict[str, socket.socket] = field(default_factory=dict)
    "By host: what is sent on it leaves it as it is."
    copies: Counter[bytes] = field(default_factory=Counter)
    "Packets that were sent a second time and have not come here yet."

    def wait_s(self, sender: str, receiver: str, packet: bytes = b"") -> float | None:
        """How long a packet is held back now; None: it is lost."""
        rule = self.rules.get((sender, receiver))
        if rule is None:
            return 0.0
        if rule["match"] or rule["to_port"] or rule["duplicate"] or rule["refuse"]:
            datagram = datagram_in(packet)
            if datagram is None or not _is_meant(rule, datagram):
                return 0.0
            if self.copies[datagram.data]:
                self.copies[datagram.data] -= 1
                return 0.0
            if rule["refuse"]:
                self._send(receiver, packet_of(refusal_of(datagram, rule["refuse"])))
                return None
            if self.chance.random() < rule["duplicate"]:
                self.copies[datagram.data] += 1
                self._send(sender, packet)
        if self.chance.random() < rule["loss"]:
            return None
        if self.chance.random() < rule["reorder"]:
            return 0.0
        spread_ms = self.chance.uniform(-1.0, 1.0) * rule["jitter_ms"]
        return max(0.0, rule["delay_ms"] + spread_ms) / 1000

    def receive(self, host: str, sock: socket.socket, now_s: float) -> None:
        """Packets came in at a host's queues."""
        with contextlib.suppress(BlockingIOError):
            for queue, packet, whole in packets_in(sock.recv(READ_BYTES)):
                wait_s = self.wait_s(self.hosts[queue], host, whole)
                if not wait_s:
                    say(sock, queue, packet, DROP if wait_s is None else ACCEPT)
                else:
                    self.count += 1
                    heapq.heappush(self.waiting, (now_s + wait_s, self.count, sock, queue, packet))

    def let_go(self, now_s: float) -> float | None:
        """Send on what has waited; seconds until the next, None if nothing waits."""
        while self.waiting and self.waiting[0][0] <= now_s:
            _, _, sock, queue, packet = heapq.heappop(self.waiting)
            say(sock, queue, packet, ACCEPT)
        return self.waiting[0][0] - now_s if self.waiting else None

    def told(self, line: str) -> None:
        """New rules, whole."""
        read: dict[str, Rule] = json.loads(line)
        self.copies.clear()
        pairs = ((name.split(), rule) for name, rule in read.items())
        self.rules = {(sender, receiver): rule for (sender, receiver), rule in pairs}

    def _send(self, host: str, packet: bytes) -> None:
        with contextlib.suppress(OSError):
            address = socket.inet_ntoa(packet[16:20])
            self.raw[host].sendto(packet, (address, 0))


def _is_meant(rule: Rule, datagram: Datagram) -> bool:
    port_fits = rule["to_port"] in (0, datagram.target[1])
    return port_fits and datagram.data.startswith(rule["match"].encode())


def say(sock: socket.socket, queue: int, packet: int, verdict: int) -> None:
    """The word on one packet."""
    with contextlib.suppress(OSError):
        body = attribute(VERDICT_HEADER, struct.pack(">II", verdict, packet))
        sock.send(message(VERDICT, 1, queue, body))


def open_queues(namespace: str, own: int, count: int) -> socket.socket:
    """The socket on which a host's queues speak, one for each other host. Raises OSError."""
    with in_namespace(namespace):
        sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_NETFILTER)
        sock.bind((0, 0))
    sock.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 8 << 20)
    sock.setsockopt(SOL_NETLINK, NO_ENOBUFS, 1)
    for queue in range(count):
        if queue == own:
            continue
        for body in (
            attribute(CFG_COMMAND, struct.pack(">BBH", BIND, 0, 0)),
            attribute(CFG_PARAMS, struct.pack(">IB", COPIED_BYTES, COPY_PACKET)),
            attribute(CFG_LENGTH, struct.pack(">I", QUEUE_PACKETS_MAX)),
        ):
            sock.send(message(CONFIG, REQUEST_ACK, queue, body))
            error = struct.unpack_from("i", sock.recv(4096), 16)[0]
            if error:
                raise OSError(-error, f"NFQUEUE {queue} of {namespace}")
    sock.setblocking(False)
    return sock


def open_raw(namespace: str) -> socket.socket:
    """A socket on a host that sends whole IPv4 packets. Raises OSError."""
    with in_namespace(namespace):
        return socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW)


def main() -> None:
    """`lab_shaper.py SEED NAME=NAMESPACE...`"""
    seed, *pairs = sys.argv[1:]
    hosts = [pair.partition("=")[0] for pair in pairs]
    shaper = Shaper(hosts, random.Random(seed))
    sockets = {}
    poll = select.epoll()
    for own, pair in enumerate(pairs):
        namespace = pair.partition("=")[2]
        sock = open_queues(namespace, own, len(pairs))
        shaper.raw[hosts[own]] = open_raw(namespace)
        sockets[sock.fileno()] = (hosts[own], sock)
        poll.register(sock.fileno(), select.EPOLLIN)
    poll.register(sys.stdin.fileno(), select.EPOLLIN)
    print("ready", flush=True)
    while True:
        wait_s = shaper.let_go(time.monotonic())
        for number, _ in poll.poll(-1 if wait_s is None else max(0.0, wait_s)):
            if number in sockets:
                host, sock = sockets[number]
                shaper.receive(host, sock, time.monotonic())
                continue
            line = sys.stdin.readline()
            if not line:
                return
            shaper.told(line)
            print("done", flush=True)


if __name__ == "__main__":
    main()
