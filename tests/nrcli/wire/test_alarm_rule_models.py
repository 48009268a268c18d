"""What is asked of silences and tests is bounded; answers of newer nodes are read."""

import json

import pytest
from pydantic import ValidationError

from nrcli.wire.alarm_rule_models import SILENCE_S_MAX, AlarmChannel, NewSilence, TestNotice

SILENCE = {"lasts_s": 3600.0, "author": "ana", "reason": "new switch"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"lasts_s": SILENCE_S_MAX + 1},
        {"lasts_s": 0},
        {"reason": ""},
        {"author": ""},
        {"code": ""},
        {"code": "x" * 301},
        {"from_unix_s": -1.0},
        {"colour": "red"},
    ],
)
def test_a_silence_is_bounded_and_says_why(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        NewSilence.model_validate_json(json.dumps({**SILENCE, **wrong}))


def test_a_silence_is_for_everything_unless_it_says_of_what() -> None:
    found = NewSilence.model_validate_json(json.dumps(SILENCE))
    assert (found.code, found.place, found.from_unix_s) == ("*", "*", None)


def test_a_test_says_who_wants_it() -> None:
    with pytest.raises(ValidationError):
        TestNotice.model_validate_json("{}")


def test_words_of_a_newer_node_are_left_out() -> None:
    said = {"name": "noc", "kind": "mail", "to": "2", "severity_at_least": "minor", "colour": "red"}
    assert AlarmChannel.model_validate(said).name == "noc"
