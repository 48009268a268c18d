"""Events are frozen data."""

from dataclasses import is_dataclass
from typing import get_args

from site_agent.core.events import Event


def test_every_event_is_frozen() -> None:
    for kind in get_args(Event):
        assert is_dataclass(kind) and kind.__dataclass_params__.frozen
