"""Actions are frozen data."""

from dataclasses import fields, is_dataclass
from typing import get_args

from site_agent.core.actions import Action


def test_every_action_is_frozen() -> None:
    for kind in get_args(Action):
        assert is_dataclass(kind) and kind.__dataclass_params__.frozen
        assert fields(kind)
