"""Writes SIP messages as a pcap file, for Wireshark, tshark and sngrep.

Rule of this file: bytes from models, no file and no clock. Every message is one UDP datagram, also
one that went over TCP or TLS: the file shows what was said, not how it was carried.
Source: draft-ietf-opsawg-pcap-05; LINKTYPE_RAW is 101 (packets begin with the IP header).
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address

from nrcli.wire.trace_models import TracedMessage

MAGIC, LINKTYPE_RAW, SNAP_BYTES = 0xA1B2C3D4, 101, 262_144
UDP, HOPS = 17, 64
PAYLOAD_BYTES_MAX = 65_000
UNKNOWN = IPv4Address("0.0.0.0")


def pcap(messages: Sequence[TracedMessage]) -> bytes:
    """A whole file, in order of time."""
    parts = [struct.pack("<IHHiIII", MAGIC, 2, 4, 0, 0, SNAP_BYTES, LINKTYPE_RAW)]
    for one in sorted(messages, key=lambda one: one.at_unix_s):
        packet = _packet(one)
        seconds, rest = divmod(max(0, round(one.at_unix_s * 1_000_000)), 1_000_000)
        parts.append(struct.pack("<IIII", seconds, rest, len(packet), len(packet)) + packet)
    return b"".join(parts)


def _packet(one: TracedMessage) -> bytes:
    ends = (one.local, one.remote) if one.sent else (one.remote, one.local)
    (source, source_port), (target, target_port) = map(_address, ends)
    data = one.message.encode("utf-8", "replace")[:PAYLOAD_BYTES_MAX]
    udp = struct.pack("!HHHH", source_port, target_port, 8 + len(data), 0)
    if source.version != target.version:
        source = target = UNKNOWN
    if isinstance(source, IPv6Address):
        pseudo = source.packed + target.packed + struct.pack("!IxxxB", 8 + len(data), UDP)
        told = _checksum(pseudo + udp + data) or 0xFFFF
        udp = udp[:6] + struct.pack("!H", told)
        head = struct.pack("!IHBB", 0x60000000, 8 + len(data), UDP, HOPS)
        return head + source.packed + target.packed + udp + data
    head = struct.pack("!BBHHHBBH", 0x45, 0, 28 + len(data), 0, 0, HOPS, UDP, 0)
    head += source.packed + target.packed
    head = head[:10] + struct.pack("!H", _checksum(head)) + head[12:]
    return head + udp + data  # without a checksum of UDP, as IPv4 allows


def _address(text: str) -> tuple[IPv4Address | IPv6Address, int]:
    host, _, port = text.rpartition(":")
    try:
        return ip_address(host.strip("[]").partition("%")[0]), int(port) & 0xFFFF
    except ValueError:
        return UNKNOWN, 0


def _checksum(data: bytes) -> int:
    """RFC 1071."""
    if len(data) % 2:
        data += b"\0"
    total: int = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF
