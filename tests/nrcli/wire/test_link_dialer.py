"""Connecting, and connecting again."""

from __future__ import annotations

import asyncio

from link_ends import QUICK, eventually

from nrcli.wire.backoff import Backoff
from nrcli.wire.codec import Codec, Speaker
from nrcli.wire.link_dialer import DialerOwner, LinkDialer, Target
from nrcli.wire.link_greeting import SiteGreeting
from nrcli.wire.link_pace import SITE_PACE, Pace
from nrcli.wire.link_session import LinkEnd
from nrcli.wire.link_stream import SITE_METHOD, TransportSettings, boottime_s
from nrcli.wire.messages import Heartbeat, Hello


async def test_a_closed_port_is_tried_again_with_the_dice_given() -> None:
    ends: list[tuple[LinkEnd, bool]] = []
    thrown: list[float] = []

    def dice() -> float:
        thrown.append(0.1)
        return 0.1

    dialer = LinkDialer(
        Target(
            name="node n1",
            address="127.0.0.1:1",
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
        settings=TransportSettings(),
        codec=Codec(),
        backoff=Backoff(QUICK),
        pace=Pace(SITE_PACE),
        now=boottime_s,
        dice=dice,
    )
    running = asyncio.create_task(dialer.run())
    try:
        await eventually(lambda: len(ends) >= 3)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    assert {(end.code, was_up) for end, was_up in ends[:3]} == {("closed", False)}
    assert "unavailable" in ends[0][0].reason
    assert dialer.status.attempts_count >= 3
    assert dialer.status.last_end is not None
    assert len(thrown) >= 2
    assert not dialer.send(Heartbeat())
