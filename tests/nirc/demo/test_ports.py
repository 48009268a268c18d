import socket

import pytest

from nirc.demo import ports
from nirc.demo.ports import NoFreePort, PortTaker


def test_a_port_is_given_once_and_is_free() -> None:
    take = PortTaker()
    found = [take() for _ in range(20)]
    assert len(set(found)) == 20
    assert all(ports.PORT_MIN <= port <= ports.PORT_MAX for port in found)


@pytest.mark.parametrize("kind", [socket.SOCK_DGRAM, socket.SOCK_STREAM])
def test_a_port_in_use_is_passed_over(kind: socket.SocketKind) -> None:
    with socket.socket(socket.AF_INET, kind) as used:
        port = PortTaker()()
        used.bind(("127.0.0.1", port))
        assert PortTaker(start=port)() != port


def test_when_nothing_is_free_the_search_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "_is_free", lambda _: False)
    with pytest.raises(NoFreePort):
        PortTaker()()
