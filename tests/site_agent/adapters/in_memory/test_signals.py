"""Signals are frozen data."""

from typing import get_args

from site_agent.adapters.in_memory.signals import Signal


def test_every_signal_is_frozen_and_names_its_call() -> None:
    for kind in get_args(Signal):
        assert kind.__dataclass_params__.frozen
        assert "call_id" in kind.__dataclass_fields__
