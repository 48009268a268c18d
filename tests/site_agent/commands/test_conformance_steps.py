"""Every step has its remedy, and is left out only where the CTI said that it cannot."""

from __future__ import annotations

from pushing_cti import SETTINGS

from site_agent.commands.conformance_bench import Bench
from site_agent.commands.conformance_steps import STEPS


async def test_every_step_has_a_name_and_a_remedy() -> None:
    assert len({step.name for step in STEPS}) == len(STEPS) >= 10
    assert all(step.remedy for step in STEPS)


async def test_what_a_cti_cannot_do_is_left_out() -> None:
    bench = Bench(SETTINGS, 1.0)
    await bench.hello(b'{"protocol": 1}')
    left_out = {step.name for step in STEPS if step.left_out(bench)}
    assert "hold" in left_out and "move" in left_out
    assert not {"hello", "snapshot", "arrival by token", "gap"} & left_out
    await bench.hello(b'{"protocol":1,"capabilities":{"hold_agent":"exact","methods":["refer"]}}')
    assert not [step for step in STEPS if step.left_out(bench)]
