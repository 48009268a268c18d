"""A control as it is kept is read as it was written, and what is not known of it is refused."""

import pytest
from control_samples import control
from pydantic import ValidationError

from nrcli.wire.control_models import Control, ControlWanted


def test_it_is_read_as_it_was_written() -> None:
    one = control("freeze", "site lisbon")
    assert Control.model_validate_json(one.model_dump_json(exclude_defaults=True)) == one
    assert one.target.told() == "site lisbon" and control("freeze").target.told() == "all"


@pytest.mark.parametrize(
    "change",
    [{"kind": "melt"}, {"id": "../x"}, {"ends_unix_s": float("nan")}, {"parameters": {"x": 1}}],
)
def test_what_a_newer_node_wrote_is_not_guessed(change: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Control.model_validate({**control("freeze").model_dump(), **change})


def test_a_reason_and_an_author_are_needed() -> None:
    for body in (
        '{"kind":"freeze","author":"ana"}',
        '{"kind":"freeze","reason":"storm"}',
        '{"kind":"freeze","author":"ana","reason":"    "}',
    ):
        with pytest.raises(ValidationError):
            ControlWanted.model_validate_json(body)
