"""The site agent's shell before a real Asterisk: what becomes of holds when it is killed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from asterisk_bench import AGENTS, Bench, running
from asterisk_shells import HOLD_S_MAX, ShellSite, config_of

from nrcli.wire.messages import AgentState
from site_agent.adapters import base

pytestmark = [pytest.mark.asterisk, pytest.mark.timeout(120)]
HOLD = base.HoldAgent(hold_id="h1", agent="anna", queue="sales")


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with running(tmp_path_factory.mktemp("shell")) as found:
        yield found


async def begun(bench: Bench, folder: Path) -> ShellSite:
    bench.asterisk.unpause(AGENTS)
    site = ShellSite(config_of(bench, folder))
    await site.shell.start()
    await site.until("anna is ready", lambda: site.state("anna") is AgentState.READY)
    return site


def anna(bench: Bench) -> str:
    shown = bench.asterisk.say("queue show sales")
    return next(line for line in shown.splitlines() if "anna" in line)


async def test_a_hold_is_granted_and_let_go(bench: Bench, tmp_path: Path) -> None:
    site = await begun(bench, tmp_path)
    began_s = time.monotonic()
    site.command(HOLD)
    await site.until("it is granted", lambda: site.told(base.HoldGranted))
    assert time.monotonic() - began_s < 1.0, "the daemon's own limit"
    assert "(paused:nirc" in anna(bench)
    site.command(base.ReleaseHold(hold_id="h1"))
    await site.until("anna is ready", lambda: site.state("anna") is AgentState.READY)
    assert "nirc-hold" not in bench.asterisk.say("core show channels concise")
    await site.shell.stop()


async def test_names_that_this_pbx_does_not_have_are_told(bench: Bench, tmp_path: Path) -> None:
    config = config_of(bench, tmp_path)
    sals = config.queues[0].model_copy(update={"name": "sals"})
    carrier = config.trunk_groups[0].model_copy(update={"endpoints": ("carrier", "nosuch")})
    wrong = {"queues": (*config.queues, sals), "trunk_groups": (carrier,)}
    site = ShellSite(config.model_copy(update=wrong))
    await site.shell.start()
    await site.until(
        "both are told",
        lambda: (
            [
                [one.name for one in told.wrong] == ["queue sals", "endpoint nosuch"]
                for told in site.told(base.PbxNames)[-1:]
            ]
            == [True]
        ),
    )
    await site.shell.stop()


async def test_killed_between_timer_and_pause_nobody_is_paused(
    bench: Bench, tmp_path: Path
) -> None:
    site = await begun(bench, tmp_path)
    dead = site.dies_at(b"Action: QueuePause", after=False)
    site.command(HOLD)
    await site.until("it is killed", dead.is_set)
    await site.shell.stop()
    assert "nirc-hold" in bench.asterisk.say("core show channels concise"), "the timer runs"
    assert "paused" not in anna(bench)


async def test_killed_right_after_the_pause_the_pbx_ends_it(bench: Bench, tmp_path: Path) -> None:
    """Nothing of what follows the pause is said any more."""
    site = await begun(bench, tmp_path)
    dead = site.dies_at(b"Action: QueuePause", after=True)
    site.command(HOLD)
    await site.until("it is killed", dead.is_set)
    await site.until("anna is paused", lambda: "(paused:nirc" in anna(bench))
    await site.shell.stop()
    until_s = time.monotonic() + HOLD_S_MAX + 10.0
    while "paused" in anna(bench):
        assert time.monotonic() < until_s, "the timer inside the PBX did not end the pause"


async def test_a_timer_of_before_ends_no_break_of_today(bench: Bench, tmp_path: Path) -> None:
    site = await begun(bench, tmp_path)
    dead = site.dies_at(b"Action: QueuePause", after=False)
    site.command(HOLD)
    await site.until("it is killed", dead.is_set)
    await site.shell.stop()
    began_s = time.monotonic()
    again = await begun(bench, tmp_path)
    bench.asterisk.say("queue pause member PJSIP/anna queue sales reason lunch")
    await again.until("anna is away", lambda: again.state("anna") is AgentState.NOT_READY)
    over_s = began_s + HOLD_S_MAX + 6.0
    await again.until("the timer is over", lambda: time.monotonic() > over_s)
    assert "lunch" in anna(bench)
    await again.shell.stop()
