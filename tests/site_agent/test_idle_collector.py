"""Collects in moments of rest only, and not often."""

import asyncio

import pytest

from site_agent import idle_collector
from site_agent.idle_collector import LOOKS_APART, RESTING_INPUTS_MAX, IdleCollector


class Agent:
    taken_count = 0
    collected_count = 0

    def collect(self) -> None:
        self.collected_count += 1


def test_collects_when_resting_and_not_more_often_than_said() -> None:
    agent = Agent()
    collector = IdleCollector(lambda: agent.taken_count, agent.collect)
    looks = [collector.look() for _ in range(3 * LOOKS_APART)]
    assert agent.collected_count == sum(looks) == 3
    assert looks[LOOKS_APART - 1]


def test_a_busy_agent_is_left_alone_until_it_rests() -> None:
    agent = Agent()
    collector = IdleCollector(lambda: agent.taken_count, agent.collect)
    for _ in range(5 * LOOKS_APART):
        agent.taken_count += RESTING_INPUTS_MAX + 1
        assert not collector.look()
    assert collector.look()


def test_runs_until_it_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(idle_collector, "LOOK_EVERY_S", 0.0)

    async def run() -> None:
        collected = asyncio.Event()
        task = asyncio.ensure_future(IdleCollector(lambda: 0, collected.set).run())
        await asyncio.wait_for(collected.wait(), 30.0)
        task.cancel()

    asyncio.run(run())
