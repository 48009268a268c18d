"""IPv4 datagrams as the lab's shaper sees and makes them: whose text matches, sent twice, refused.

Rule of this file: bytes in, bytes out; who says what to which packet is `lab_shaper`'s.

Formats: RFC 791, RFC 768; a response to an INVITE by RFC 3261 section 8.2.6.
"""

from __future__ import annotations

import socket
import struct
from dataclasses import dataclass

UDP = 17
COPIED_HEADERS = ("via", "v", "from", "f", "to", "t", "call-id", "i", "cseq", "timestamp")
TAG = ";tag=lab"


@dataclass(frozen=True, slots=True)
class Datagram:
    """One UDP datagram with its ends."""

    source: tuple[str, int]
    target: tuple[str, int]
    data: bytes


def datagram_in(packet: bytes) -> Datagram | None:
    """The UDP datagram of an IPv4 packet; None if it is something else, or a later fragment."""
    if len(packet) < 28 or packet[0] >> 4 != 4 or packet[9] != UDP:
        return None
    if struct.unpack_from(">H", packet, 6)[0] & 0x1FFF:
        return None
    at = (packet[0] & 15) * 4
    source_port, target_port = struct.unpack_from(">HH", packet, at)
    return Datagram(
        (socket.inet_ntoa(packet[12:16]), source_port),
        (socket.inet_ntoa(packet[16:20]), target_port),
        packet[at + 8 :],
    )


def packet_of(datagram: Datagram) -> bytes:
    """An IPv4 packet; the kernel writes its id and checksum. UDP's checksum is left out (0)."""
    length = 8 + len(datagram.data)
    ends = (socket.inet_aton(datagram.source[0]), socket.inet_aton(datagram.target[0]))
    head = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + length, 0, 0, 64, UDP, 0, *ends)
    ports = struct.pack(">HHHH", datagram.source[1], datagram.target[1], length, 0)
    return head + ports + datagram.data


def refusal_of(datagram: Datagram, status: int) -> Datagram:
    """The final answer to a SIP request, from whom it was sent to."""
    lines = datagram.data.split(b"\r\n\r\n", 1)[0].decode("utf-8", "replace").split("\r\n")
    kept = [line for line in lines[1:] if line.partition(":")[0].strip().lower() in COPIED_HEADERS]
    told = [line + TAG if _is_to(line) and ";tag=" not in line else line for line in kept]
    text = "\r\n".join([f"SIP/2.0 {status} Refused", *told, "Content-Length: 0", "", ""])
    return Datagram(datagram.target, datagram.source, text.encode())


def _is_to(line: str) -> bool:
    return line.partition(":")[0].strip().lower() in ("to", "t")
