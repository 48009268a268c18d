"""A question to the core has one answer, or none in time."""

import asyncio

from nirc.core.events import Event, TimerFired
from nirc.links.core_asks import CoreAsks


async def test_the_answer_comes_to_who_asked_and_silence_is_none() -> None:
    posted: list[Event] = []
    asks = CoreAsks[str](post=posted.append, new_id=lambda: "q1", wait_s=0.05)
    waiting = asyncio.ensure_future(asks.ask(lambda name: TimerFired(name=name)))
    await asyncio.sleep(0)
    assert posted == [TimerFired(name="q1")]
    asks.told("q2", "another's")
    asks.told("q1", "yes")
    asks.told("q1", "twice")
    assert await waiting == "yes"
    assert await asks.ask(lambda name: TimerFired(name=name)) is None
    asks.told("q1", "late")
