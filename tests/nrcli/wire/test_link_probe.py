"""Whether anything listens at an address."""

from __future__ import annotations

import socket

from nrcli.wire.link_probe import nothing_listens


async def test_only_the_hosts_own_word_counts() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        address = f"127.0.0.1:{mute.getsockname()[1]}"
        assert not await nothing_listens(address)
    assert await nothing_listens(address)
    assert not await nothing_listens("127.0.0.1:no-port")
    assert not await nothing_listens("no-such-host.invalid:1")
