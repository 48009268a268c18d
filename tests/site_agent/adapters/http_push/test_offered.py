"""What a CTI takes part in, and what is left out by name."""

from __future__ import annotations

import typing

from site_agent.adapters import base
from site_agent.adapters.http_push.offered import COMMANDS, EVENTS, LEFT_OUT


def test_whatever_is_left_out_is_part_of_the_contract() -> None:
    whole = {*typing.get_args(base.AcdCommand), *typing.get_args(base.AcdEvent)}
    assert {*COMMANDS, *EVENTS} == whole - LEFT_OUT
    assert whole > LEFT_OUT


def test_calls_holds_and_moves_are_all_offered() -> None:
    assert {base.HoldAgent, base.AcceptArrival, base.StartMove} < set(COMMANDS)
    assert {base.CallOffered, base.CallArriving, base.MoveProgress} < set(EVENTS)
