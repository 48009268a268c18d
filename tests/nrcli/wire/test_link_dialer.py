"""Connecting, and connecting again."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable

from link_ends import QUICK, eventually

from nrcli.wire.backoff import Backoff
from nrcli.wire.codec import Codec, Speaker
from nrcli.wire.link_attention import Attention
from nrcli.wire.link_dialer import DialerOwner, LinkDialer, Target
from nrcli.wire.link_greeting import SiteGreeting
from nrcli.wire.link_pace import SITE_PACE, Pace
from nrcli.wire.link_session import LinkEnd, LinkSettings
from nrcli.wire.link_stream import SITE_METHOD, TransportSettings, boottime_s
from nrcli.wire.messages import Heartbeat, Hello


def dialer_to(
    address: str,
    ends: list[tuple[LinkEnd, bool]],
    dice: Callable[[], float],
    settings: TransportSettings,
) -> LinkDialer:
    """A site's dialer that notes how its attempts end."""
    return LinkDialer(
        Target(
            name="node n1",
            address=address,
            method=SITE_METHOD,
            hears=Speaker.NODE,
            greeting=lambda: SiteGreeting(Hello(site="lisbon", incarnation=1)),
        ),
        DialerOwner(
            on_up=lambda greeting: None,
            on_end=lambda end, was_up: ends.append((end, was_up)),
            on_message=lambda message: None,
        ),
        credentials=None,
        settings=settings,
        codec=Codec(),
        backoff=Backoff(QUICK),
        pace=Pace(SITE_PACE),
        attention=Attention(),
        now=boottime_s,
        dice=dice,
    )


async def until_ended(dialer: LinkDialer, ends: list[tuple[LinkEnd, bool]], count: int) -> None:
    running = asyncio.create_task(dialer.run())
    try:
        await eventually(lambda: len(ends) >= count)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_who_did_not_greet_in_time_is_given_longer() -> None:
    ends: list[tuple[LinkEnd, bool]] = []
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"127.0.0.1:{silent.getsockname()[1]}"
        link = LinkSettings(greeting_s_max=0.05, greeting_s_longest=0.2)
        dialer = dialer_to(address, ends, lambda: 0.1, TransportSettings(link=link))
        await until_ended(dialer, ends, 4)
    waited = [end.reason for end, _ in ends[:4]]
    assert waited == [f"no greeting for {wait} s" for wait in ("0.05", "0.1", "0.2", "0.2")]


async def test_a_closed_port_is_tried_again_with_the_dice_given() -> None:
    ends: list[tuple[LinkEnd, bool]] = []
    thrown: list[float] = []

    def dice() -> float:
        thrown.append(0.1)
        return 0.1

    dialer = dialer_to("127.0.0.1:1", ends, dice, TransportSettings())
    await until_ended(dialer, ends, 3)
    assert {(end.code, was_up) for end, was_up in ends[:3]} == {("closed", False)}
    assert "unavailable" in ends[0][0].reason
    assert [end.absent for end, _ in ends[:3]] == [False, True, True]
    assert ends[1][0].reason == "nothing listens at 127.0.0.1:1"
    assert dialer.status.attempts_count >= 3
    assert dialer.status.last_end is not None
    assert len(thrown) >= 2
    assert not dialer.send(Heartbeat())
