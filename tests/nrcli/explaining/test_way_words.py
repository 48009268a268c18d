"""How calls are moved, in words."""

from nrcli.explaining.way_words import (
    ENDINGS,
    METHODS,
    by_method,
    by_method_fully,
    status_told,
)
from nrcli.wire.messages import MoveOutcome, TransferMethod


def test_every_method_and_every_ending_has_words() -> None:
    assert set(METHODS) == {one.value for one in TransferMethod}
    assert set(ENDINGS) == {one.value for one in MoveOutcome}


def test_methods_and_statuses() -> None:
    assert by_method("") == by_method_fully("") == ""
    assert by_method_fully("translation_route") == by_method("translation_route")
    assert status_told(699) == "SIP 699"
