"""A pcap file of raw IP: header, order, addresses, lengths and checksums."""

from __future__ import annotations

import struct
from ipaddress import ip_address

import pytest

from nrcli.commands.trace_pcap import pcap
from nrcli.wire.trace_models import TracedMessage


def message(
    at_s: float, local: str, remote: str, *, sent: bool = True, text: str = "BYE"
) -> TracedMessage:
    return TracedMessage(
        at_unix_s=at_s,
        place="lisbon",
        sent=sent,
        transport="tcp",
        local=local,
        remote=remote,
        message=text,
    )


def packets(data: bytes) -> list[tuple[float, bytes]]:
    assert struct.unpack("<IHHiIII", data[:24]) == (0xA1B2C3D4, 2, 4, 0, 0, 262_144, 101)
    found, data = [], data[24:]
    while data:
        seconds, micros, kept, whole = struct.unpack("<IIII", data[:16])
        assert kept == whole
        found.append((seconds + micros / 1e6, data[16 : 16 + kept]))
        data = data[16 + kept :]
    return found


def summed(data: bytes) -> int:
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return total


def test_messages_stand_in_order_as_datagrams_of_ip() -> None:
    late = message(2.5, "10.0.0.1:5060", "10.0.0.9:5080", text="SIP/2.0 200 OK\r\n\r\n")
    first = message(1.25, "10.0.0.1:5060", "10.0.0.9:5080", sent=False, text="BYE é")
    (at_s, one), (_, two) = packets(pcap([late, first]))
    assert at_s == 1.25
    assert summed(one[:20]) == summed(two[:20]) == 0xFFFF
    assert (one[0], one[9], struct.unpack("!H", one[2:4])[0]) == (0x45, 17, len(one))
    assert (ip_address(one[12:16]), ip_address(one[16:20])) == (
        ip_address("10.0.0.9"),
        ip_address("10.0.0.1"),
    )
    assert struct.unpack("!HHHH", one[20:28]) == (5080, 5060, len(one) - 20, 0)
    assert one[28:] == "BYE é".encode()
    assert struct.unpack("!HH", two[20:24]) == (5060, 5080)


def test_ipv6_has_the_checksum_that_it_must_have() -> None:
    ((_, one),) = packets(pcap([message(1.0, "[2001:db8::1]:5060", "[2001:db8::9%eth0]:5080")]))
    assert one[0] >> 4 == 6 and struct.unpack("!H", one[4:6])[0] == len(one) - 40
    pseudo = one[8:40] + struct.pack("!IxxxB", len(one) - 40, 17)
    assert summed(pseudo + one[40:]) == 0xFFFF


@pytest.mark.parametrize("odd", ["", "host:5060", "10.0.0.1", "10.0.0.1:x", "[::1]:5060"])
def test_what_is_no_address_is_written_as_unknown(odd: str) -> None:
    ((_, one),) = packets(pcap([message(1.0, odd, "10.0.0.9:5080")]))
    assert ip_address(one[12:16]) == ip_address("0.0.0.0")


def test_a_huge_message_is_cut_to_what_a_datagram_holds() -> None:
    huge = message(1.0, "10.0.0.1:5060", "10.0.0.9:5080", text="x" * 200_000)
    ((_, one),) = packets(pcap([huge]))
    assert len(one) == 28 + 65_000
