"""Pictures show what the tables say."""

from enum import Enum

import pytest
from documents import DocumentError, picture
from pictures import PICTURES, exit_codes, grid, nrcli_commands, steps


class Light(Enum):
    RED = "red"
    GREEN = "green"


class Sign(Enum):
    SWITCH = "switch"
    STAY = "stay"


class Effect(Enum):
    NONE = "none"
    RING = "ring"


def test_a_grid_has_a_row_for_each_state() -> None:
    moves = {
        (Light.RED, Sign.SWITCH): Light.GREEN,
        (Light.RED, Sign.STAY): Light.RED,
        (Light.GREEN, Sign.SWITCH): Light.RED,
        (Light.GREEN, Sign.STAY): Light.GREEN,
    }
    assert grid(moves) == "       switch  stay\nred    green   red\ngreen  red     green\n"


def test_steps_leave_out_what_changes_nothing() -> None:
    table = {
        Light.RED: {
            Sign.SWITCH: (Light.GREEN, Effect.RING),
            Sign.STAY: (Light.RED, Effect.NONE),
        },
        Light.GREEN: {Sign.SWITCH: (None, Effect.RING), Sign.STAY: (Light.GREEN, Effect.RING)},
    }
    assert steps(table) == (
        "red\n  switch -> green [ring]\n"
        "green\n  switch -> as the effect says [ring]\n  stay -> green [ring]\n"
    )


@pytest.mark.parametrize("name", PICTURES)
def test_every_picture_can_be_drawn(name: str) -> None:
    assert picture(name).count("\n") > 3


def test_an_unknown_picture_is_an_error() -> None:
    with pytest.raises(DocumentError, match="no picture"):
        picture("sunset")


def test_commands_are_listed_with_what_they_say_of_themselves() -> None:
    lines = nrcli_commands().splitlines()
    assert lines == sorted(lines) and "policy list" in nrcli_commands()
    assert exit_codes().startswith("0  done\n1  refused")
