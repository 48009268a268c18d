"""The lab itself: what is cut does not pass, what is healed does, weather is as ordered."""

import os
import socket
import subprocess
import threading
import time
from collections.abc import Iterator

import pytest

from tests.helpers.lab_hosts import PREFIX, Hosts, is_left_over, started, why_not
from tests.helpers.lab_paths import Paths, Weather
from tests.helpers.lab_shaper import PACKET, attribute, message, packets_in

PORT = 4000
COUNT = 200


class Echo:
    """Answers datagrams on a host of the lab."""

    def __init__(self, hosts: Hosts, host: str) -> None:
        with hosts.inside(host):
            self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            self.sock.bind((hosts.address[host], PORT))
        self.heard = 0
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                data, sender = self.sock.recvfrom(100)
                self.heard += 1
                self.sock.sendto(data, sender)
            except OSError:
                return


def round_trip_s(hosts: Hosts, sender: str, receiver: str, within_s: float = 0.4) -> float | None:
    """Seconds for one datagram there and back; None if it was lost."""
    with (
        hosts.inside(sender),
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock,
    ):
        sock.settimeout(within_s)
        begun_s = time.monotonic()
        sock.sendto(b"x", (hosts.address[receiver], PORT))
        try:
            sock.recv(100)
        except TimeoutError:
            return None
        return time.monotonic() - begun_s


@pytest.fixture
def hosts() -> Iterator[Hosts]:
    missing = why_not()
    if missing:
        pytest.skip(f"no fault lab on this machine: {missing}")
    with Hosts(["a", "b", "c"]) as made:
        yield made


@pytest.mark.services
def test_cut_one_way_heal_and_weather(hosts: Hosts) -> None:
    echo = Echo(hosts, "b")
    with Paths(hosts) as paths:
        assert round_trip_s(hosts, "a", "b", 5.0) is not None
        paths.isolate("a", ["b"], ways="in")
        heard = echo.heard
        assert round_trip_s(hosts, "a", "b") is None
        assert echo.heard == heard + 1, "what it sends arrives, the answer does not"
        assert round_trip_s(hosts, "c", "b", 5.0) is not None
        paths.heal()
        assert round_trip_s(hosts, "a", "b", 5.0) is not None
        paths.shape([("a", "b")], Weather(delay_ms=150.0))
        took_s = round_trip_s(hosts, "a", "b", 5.0)
        assert took_s is not None and took_s >= 0.145
        paths.shape([("a", "b")], Weather(loss=1.0))
        assert round_trip_s(hosts, "a", "b") is None
        paths.heal()
        assert round_trip_s(hosts, "a", "b", 5.0) is not None
        hosts.plug("a", plugged=False)
        assert round_trip_s(hosts, "a", "b") is None, "it sees no error either"
        hosts.plug("a", plugged=True)
        assert round_trip_s(hosts, "a", "b", 5.0) is not None
    echo.sock.close()


@pytest.mark.services
def test_two_labs_stand_side_by_side_and_only_a_dead_one_is_removed(hosts: Hosts) -> None:
    with Hosts(["a", "b"]) as others:
        first, second = Echo(hosts, "b"), Echo(others, "b")
        assert others.address["b"] == hosts.address["b"], "nothing of theirs meets"
        assert round_trip_s(hosts, "a", "b", 5.0) is not None
        assert round_trip_s(others, "a", "b", 5.0) is not None
        assert (first.heard, second.heard) == (1, 1)
        first.sock.close()
        second.sock.close()
    assert round_trip_s(hosts, "a", "c") is None, "nobody listens there, but the host stands"


def test_only_names_with_a_dead_makers_number_are_left_over() -> None:
    me = os.getpid()
    ended = subprocess.Popen(["true"])
    ended.wait()
    assert not is_left_over(f"{PREFIX}-{me}-{started(me)}-1-n1")
    assert is_left_over(f"{PREFIX}-{me}-1-1-n1"), "the number was given to another process"
    assert is_left_over(f"{PREFIX}-{ended.pid}-77-1-n1")
    assert not is_left_over(f"nirclab-{ended.pid}-n1"), "another program's"
    assert not is_left_over("switch")


@pytest.mark.services
def test_datagrams_of_one_kind_are_refused_lost_or_come_twice(hosts: Hosts) -> None:
    echo = Echo(hosts, "b")
    with Paths(hosts) as paths, hosts.inside("a"):
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.settimeout(5.0)
        invite = (
            b"INVITE sip:nirc-a@b SIP/2.0\r\nVia: SIP/2.0/UDP a\r\nTo: <sip:b>\r\n"
            b"Subject: x\r\n\r\n"
        )

        def sent(data: bytes) -> bytes:
            sock.sendto(data, (hosts.address["b"], PORT))
            return sock.recv(2_000)

        paths.shape([("a", "b")], Weather(match="INVITE sip:nirc-", refuse=503))
        refused = sent(invite)
        assert refused.startswith(b"SIP/2.0 503 ") and b"To: <sip:b>;tag=" in refused
        assert b"Via: SIP/2.0/UDP a\r\n" in refused and b"Subject" not in refused
        assert sent(b"BYE") == b"BYE" and echo.heard == 1
        paths.shape([("a", "b")], Weather(match="INVITE", duplicate=1.0))
        assert sent(invite) == sent(b"BYE") == invite[:100], "the copy was answered too"
        assert sock.recv(2_000) == b"BYE" and echo.heard == 4
        sock.close()
    echo.sock.close()


@pytest.mark.services
def test_loss_is_about_the_share_that_was_ordered(hosts: Hosts) -> None:
    echo = Echo(hosts, "b")
    with Paths(hosts, seed=3) as paths:
        paths.shape([("a", "b")], Weather(loss=0.3))
        with hosts.inside("a"), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            for _ in range(COUNT):
                sock.sendto(b"x", (hosts.address["b"], PORT))
                time.sleep(0.001)
        until = time.monotonic() + 10.0
        while echo.heard < COUNT // 2 and time.monotonic() < until:
            time.sleep(0.05)
        time.sleep(0.2)
    assert 0.15 * COUNT < COUNT - echo.heard < 0.45 * COUNT
    echo.sock.close()


def test_a_datagram_of_the_kernel_is_read_packet_by_packet() -> None:
    body = attribute(1, b"\x00\x00\x00\x07" + b"\x08\x00\x01\x00")
    told = message(PACKET, 0, 4, body) + message(PACKET, 0, 5, attribute(9, b"12345"))
    assert packets_in(told) == [(4, 7, b"")]
    with_packet = message(PACKET, 0, 4, attribute(1, b"\x00\x00\x00\x07") + attribute(10, b"abc"))
    assert packets_in(with_packet) == [(4, 7, b"abc")]
    assert packets_in(told[:10]) == []
