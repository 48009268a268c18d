"""The driver: in order, bounded, timers that move and stop."""

import asyncio
from itertools import count
from typing import Any, get_args

from acd_bench import NETWORK, SETTINGS, TOKEN
from site_playbook import SitePlay

from site_agent.adapters.base import AcdCommand, AcdEvent
from site_agent.adapters.sip_acd.adapter import SipAcd
from site_agent.core.actions import Action, StartTimer, StopTimer, WriteHistory
from site_agent.core.events import DataHandedIn, TimerFired
from site_agent.driver import Driver
from site_agent.sip.settings import SipSettings
from site_agent.sip.signals import Peer
from site_agent.sip.user_agent import UserAgent


class FakeDaemon:
    """Answers each event by what the test put down for it."""

    def __init__(self) -> None:
        self.seen: list[Any] = []
        self.answers: dict[str, list[Action]] = {}
        self.first = asyncio.Event()

    def handle(self, event: Any, now_s: float) -> list[Action]:
        name = getattr(event, "name", None) or event.call_id
        self.seen.append((now_s, name))
        self.first.set()
        if name == "bad":
            raise RuntimeError("our own mistake")
        return self.answers.get(name, [])


class FakeCarrier:
    def __init__(self) -> None:
        self.done: list[str] = []
        self.caused: dict[str, list[Any]] = {}
        self.turns = 0

    def carry_out(self, action: Any, now_s: float) -> list[Any]:
        self.done.append(action.kind)
        return self.caused.get(action.kind, [])

    def fire(self, now_s: float) -> list[Any]:
        return []

    def next_timer_s(self) -> float | None:
        return None

    def turn_ends(self) -> None:
        self.turns += 1


def named(name: str) -> DataHandedIn:
    return DataHandedIn(call_id=name, data=b"")


async def test_what_an_action_causes_comes_before_what_waits() -> None:
    daemon, carrier = FakeDaemon(), FakeCarrier()
    driver = Driver(daemon, carrier, lambda: 0.0)
    daemon.answers["a"] = [WriteHistory(kind="one"), WriteHistory(kind="two")]
    carrier.caused["one"] = [named("caused")]
    driver.post(named("a"))
    driver.post(lambda now_s: [named("b")])
    driver.settle(5.0)
    assert [name for _, name in daemon.seen] == ["a", "caused", "b"]
    assert carrier.done == ["one", "two"] and carrier.turns == 1
    assert driver.taken_count == 2, "what an input caused is not counted"
    driver.stop()


async def test_what_was_said_before_a_command_is_heard_before_its_answer() -> None:
    daemon, carrier = FakeDaemon(), FakeCarrier()
    driver = Driver(daemon, carrier, lambda: 0.0)
    daemon.answers["arriving"] = [WriteHistory(kind="refuse")]
    carrier.caused["refuse"] = [named("no channel in use")]
    driver.post(lambda now_s: [named("arriving"), named("one channel in use")])
    driver.settle(5.0)
    heard = [name for _, name in daemon.seen]
    assert heard == ["arriving", "one channel in use", "no channel in use"]
    driver.stop()


INVITE = (
    "INVITE sip:{token}@127.0.0.1:5062 SIP/2.0\r\n"
    "Via: SIP/2.0/UDP 127.0.0.1:6100;branch=z9hG4bK{number}\r\n"
    "From: <sip:a@127.0.0.1>;tag=t{number}\r\nTo: <sip:{token}@127.0.0.1>\r\n"
    "Call-ID: c{number}\r\nCSeq: 1 INVITE\r\nContact: <sip:a@127.0.0.1:6100>\r\n"
    "Max-Forwards: 70\r\nContent-Length: 0\r\n\r\n"
)


class AcdCarrier(FakeCarrier):
    """The built-in ACD; what it would send goes nowhere."""

    def __init__(self) -> None:
        super().__init__()
        ids = map(str, count())
        self.acd = SipAcd(SETTINGS, UserAgent(SipSettings(), ids.__next__), ids.__next__)

    def events(self, outcomes: list[Any]) -> list[Any]:
        return [one for one in outcomes if isinstance(one, get_args(AcdEvent))]

    def carry_out(self, action: Any, now_s: float) -> list[Any]:
        if not isinstance(action, get_args(AcdCommand)):
            return []
        return self.events(self.acd.command(action, now_s))

    def invite(self, number: int, now_s: float) -> list[Any]:
        data = INVITE.format(token=TOKEN, number=number).encode()
        peer = Peer("udp", NETWORK, ("127.0.0.1", 6100))
        return self.events(self.acd.receive(data, peer, now_s))


async def test_refused_tokens_leave_no_channel_in_use() -> None:
    daemon, carrier = SitePlay().daemon, AcdCarrier()
    driver = Driver(daemon, carrier, lambda: 1.0)
    driver.post(lambda now_s: carrier.events(carrier.acd.snapshot(now_s)))
    for number in (1, 2):
        driver.post(lambda now_s, number=number: carrier.invite(number, now_s))
    driver.settle(1.0)
    view = daemon.view(1.0)
    assert view.counters["arrivals_refused"] == 2
    assert {trunk.channels_used_count for trunk in view.trunks} == {0}
    driver.stop()


async def test_timers_move_stop_and_fire_once() -> None:
    daemon = FakeDaemon()
    driver = Driver(daemon, FakeCarrier(), lambda: 0.0)
    daemon.answers["a"] = [
        StartTimer(name="x", at_s=1.0),
        StartTimer(name="x", at_s=3.0),
        StartTimer(name="y", at_s=1.0),
        StopTimer(name="y"),
    ]
    driver.post(named("a"))
    driver.settle(0.0)
    assert driver.next_s() == 3.0
    for now_s in (1.0, 3.0, 9.0):
        driver.settle(now_s)
    assert daemon.seen[1:] == [(3.0, "x")]
    assert isinstance(TimerFired(name="x"), TimerFired) and driver.next_s() is None
    driver.stop()


async def test_a_full_inbox_drops_and_says_so() -> None:
    driver = Driver(FakeDaemon(), FakeCarrier(), lambda: 0.0, inbox_max=1)
    assert driver.post(named("a")) and not driver.post(named("b"))
    assert driver.dropped_count == 1
    driver.stop()


async def test_a_mistake_in_one_event_does_not_end_the_loop() -> None:
    daemon = FakeDaemon()
    driver = Driver(daemon, FakeCarrier(), lambda: 0.0)
    driver.post(named("bad"))
    driver.post(named("good"))
    driver.settle(0.0)
    assert [name for _, name in daemon.seen] == ["bad", "good"]
    driver.stop()


async def test_the_loop_takes_what_is_posted_by_itself() -> None:
    daemon = FakeDaemon()
    driver = Driver(daemon, FakeCarrier(), asyncio.get_running_loop().time)
    driver.post(named("a"))
    async with asyncio.timeout(5):
        await daemon.first.wait()
    driver.stop()


async def test_who_may_not_act_any_more_takes_no_turn() -> None:
    daemon, carrier = FakeDaemon(), FakeCarrier()
    may = [True]
    driver = Driver(daemon, carrier, lambda: 0.0, may_act=lambda: may[0])  # type: ignore[arg-type]
    driver.post(named("first"))
    await asyncio.sleep(0)
    may[0] = False
    driver.post(named("second"))
    await asyncio.sleep(0.01)
    may[0] = True
    driver.post(named("third"))
    await asyncio.sleep(0.01)
    assert [name for _, name in daemon.seen] == ["first"]
