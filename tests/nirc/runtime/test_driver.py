"""The driver: events in order, actions in order, timers, limits, and faults that stay small."""

import asyncio
from collections.abc import Callable

from nirc.core.actions import Action, ClearAlarm, RaiseAlarm, StartTimer, StopTimer
from nirc.core.events import (
    DrainAsked,
    Event,
    InboxFilled,
    SiteAlive,
    SiteLinkDown,
    SiteSaid,
    TimerFired,
)
from nirc.runtime.clock import now_s
from nirc.runtime.driver import Driver, DriverSettings
from nrcli.wire.messages import Heartbeat


class ScriptedCore:
    """Answers each event with what the test says."""

    def __init__(self, answer: Callable[[Event, float], list[Action]]) -> None:
        self.answer = answer
        self.seen: list[Event] = []

    def handle(self, event: Event, now_s: float) -> list[Action]:
        self.seen.append(event)
        return self.answer(event, now_s)


def alarm(text: str) -> RaiseAlarm:
    return RaiseAlarm(code="c", place="p", text=text)


def said(site: str) -> SiteSaid:
    return SiteSaid(site=site, message=Heartbeat())  # type: ignore[arg-type]


def driver_of(core: ScriptedCore, done: list[str], inbox_max: int = 100) -> Driver:
    return Driver(
        core=core,
        carry_out={RaiseAlarm: lambda action: done.append(action.text)},
        now_s=now_s,
        settings=DriverSettings(inbox_max=inbox_max),
        on_refused=lambda event: done.append(f"refused {event.site}"),
        on_fault=lambda event, error: done.append(f"fault {error}"),
    )


async def test_actions_in_order_and_never_inside_the_callback() -> None:
    done: list[str] = []
    core = ScriptedCore(lambda event, now: [alarm("1"), alarm("2")])
    driver = driver_of(core, done)
    driver.start()
    assert driver.post(DrainAsked())
    assert core.seen == [] and driver.inbox_count == 1
    await asyncio.sleep(0)
    assert done == ["1", "2"] and driver.inbox_count == 0


async def test_what_was_posted_before_the_start_is_handled_after_it() -> None:
    core = ScriptedCore(lambda event, now: [])
    driver = driver_of(core, [])
    driver.post(DrainAsked())
    await asyncio.sleep(0)
    assert core.seen == []
    driver.start()
    await asyncio.sleep(0)
    assert core.seen == [DrainAsked()]


async def test_timers_fire_once_and_a_stopped_one_never() -> None:
    def answer(event: Event, now: float) -> list[Action]:
        if isinstance(event, DrainAsked):
            return [
                StartTimer(name="a", at_s=now + 0.01),
                StartTimer(name="b", at_s=now + 0.01),
                StopTimer(name="b"),
            ]
        return [alarm("fired")]

    done: list[str] = []
    core = ScriptedCore(answer)
    driver = driver_of(core, done)
    driver.start()
    driver.post(DrainAsked())
    async with asyncio.timeout(5):
        while not done:  # noqa: ASYNC110
            await asyncio.sleep(0.005)
    assert [event for event in core.seen if isinstance(event, TimerFired)] == [TimerFired(name="a")]


async def test_a_full_inbox_refuses_sites_and_takes_what_the_node_says() -> None:
    done: list[str] = []
    core = ScriptedCore(lambda event, now: [])
    driver = driver_of(core, done, inbox_max=2)
    assert driver.post(said("a")) and driver.post(said("b"))
    assert not driver.post(said("c"))
    assert not driver.post(SiteAlive(site="d"))
    assert driver.post(DrainAsked())
    assert done == ["refused c"]
    driver.start()
    await asyncio.sleep(0)
    assert [event for event in core.seen if not isinstance(event, InboxFilled)] == [
        DrainAsked(),
        said("a"),
        said("b"),
    ]
    assert core.seen[0] == InboxFilled(share=1.0)


async def test_the_core_is_told_how_full_the_inbox_is_once_a_tenth() -> None:
    core = ScriptedCore(lambda event, now: [])
    driver = driver_of(core, [], inbox_max=10)
    driver.start()
    for number in range(4):
        driver.post(said(f"s{number}"))
    await asyncio.sleep(0)
    driver.post(said("last"))
    await asyncio.sleep(0)
    filled = [event.share for event in core.seen if isinstance(event, InboxFilled)]
    assert filled == [0.4, 0.1]


async def test_a_fault_of_ours_is_told_and_the_next_event_is_handled() -> None:
    def answer(event: Event, now: float) -> list[Action]:
        if isinstance(event, SiteAlive):
            raise KeyError("mistake")
        return [ClearAlarm(code="c", place="p"), alarm("after")]

    done: list[str] = []
    driver = driver_of(ScriptedCore(answer), done)
    driver.start()
    driver.post(SiteAlive(site="a"))
    driver.post(SiteLinkDown(site="a", reason="gone"))
    await asyncio.sleep(0)
    assert done[0] == "fault 'mistake'" and "ClearAlarm" in done[1] and done[2] == "after"


async def test_stopping_handles_what_waits_and_nothing_afterwards() -> None:
    core = ScriptedCore(lambda event, now: [])
    driver = driver_of(core, [])
    driver.start()
    for _ in range(3):
        driver.post(DrainAsked())
    driver.stop()
    assert len(core.seen) == 3
    driver.post(DrainAsked())
    await asyncio.sleep(0)
    assert len(core.seen) == 3
