"""A process that holds packets back: delay, jitter, loss and reordering between the lab's hosts.

Rule of this file: only packets of paths that have such a fault pass here. They wait in the
receiver's NFQUEUE (one number for each sender) for this process's word; should it die, packets pass
undelayed. Rules come as one JSON object a line on standard input; its end ends the process.

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
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.helpers.lab_hosts import in_namespace

NETLINK_NETFILTER = 12
PACKET, VERDICT, CONFIG = 0x300, 0x301, 0x302
REQUEST_ACK = 0x05
CFG_COMMAND, CFG_PARAMS, CFG_LENGTH = 1, 2, 3
BIND, COPY_META = 1, 1
PACKET_HEADER, VERDICT_HEADER = 1, 2
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


def packets_in(data: bytes) -> list[tuple[int, int]]:
    """(queue, packet id) of every packet told of in a datagram."""
    found = []
    at = 0
    while at + 16 <= len(data):
        length, kind = struct.unpack_from("IH", data, at)
        if length < 16:
            break
        if kind == PACKET:
            queue = struct.unpack_from(">H", data, at + 18)[0]
            packet = _packet_id(data, at + 20, at + length)
            if packet is not None:
                found.append((queue, packet))
        at += (length + 3) & ~3
    return found


def _packet_id(data: bytes, at: int, end: int) -> int | None:
    while at + 4 <= end:
        length, kind = struct.unpack_from("HH", data, at)
        if kind == PACKET_HEADER:
            return int(struct.unpack_from(">I", data, at + 4)[0])
        if length < 4:
            break
        at += (length + 3) & ~3
    return None


@dataclass(slots=True)
class Shaper:
    """The queues of all hosts; `hosts` in the order of the queues' numbers."""

    hosts: list[str]
    chance: random.Random
    rules: dict[tuple[str, str], dict[str, float]] = field(default_factory=dict)
    waiting: list[tuple[float, int, socket.socket, int, int]] = field(default_factory=list)
    count: int = 0

    def wait_s(self, sender: str, receiver: str) -> float | None:
        """How long a packet is held back now; None: it is lost."""
        rule = self.rules.get((sender, receiver))
        if rule is None:
            return 0.0
        if self.chance.random() < rule["loss"]:
            return None
        if self.chance.random() < rule["reorder"]:
            return 0.0
        spread_ms = self.chance.uniform(-1.0, 1.0) * rule["jitter_ms"]
        return max(0.0, rule["delay_ms"] + spread_ms) / 1000

    def receive(self, host: str, sock: socket.socket, now_s: float) -> None:
        """Packets came in at a host's queues."""
        with contextlib.suppress(BlockingIOError):
            for queue, packet in packets_in(sock.recv(READ_BYTES)):
                wait_s = self.wait_s(self.hosts[queue], host)
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
        read: dict[str, dict[str, float]] = json.loads(line)
        pairs = ((name.split(), rule) for name, rule in read.items())
        self.rules = {(sender, receiver): rule for (sender, receiver), rule in pairs}


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
            attribute(CFG_PARAMS, struct.pack(">IB", 0, COPY_META)),
            attribute(CFG_LENGTH, struct.pack(">I", QUEUE_PACKETS_MAX)),
        ):
            sock.send(message(CONFIG, REQUEST_ACK, queue, body))
            error = struct.unpack_from("i", sock.recv(4096), 16)[0]
            if error:
                raise OSError(-error, f"NFQUEUE {queue} of {namespace}")
    sock.setblocking(False)
    return sock


def main() -> None:
    """`lab_shaper.py SEED NAME=NAMESPACE...`"""
    seed, *pairs = sys.argv[1:]
    hosts = [pair.partition("=")[0] for pair in pairs]
    shaper = Shaper(hosts, random.Random(seed))
    sockets = {}
    poll = select.epoll()
    for own, pair in enumerate(pairs):
        sock = open_queues(pair.partition("=")[2], own, len(pairs))
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
