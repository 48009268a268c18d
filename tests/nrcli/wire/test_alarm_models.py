"""Who acknowledges an alarm says who they are."""

import pytest
from pydantic import ValidationError

from nrcli.wire.alarm_models import AcknowledgeAlarm, Alarm


@pytest.mark.parametrize(
    "fields",
    [
        {"code": "c", "place": "p"},
        {"code": "", "author": "ana"},
        {"code": "c", "author": ""},
        {"code": "c", "author": "ana", "until": 5},
        {"code": "c", "author": "x" * 501},
    ],
)
def test_refused(fields: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        AcknowledgeAlarm.model_validate(fields)


def test_an_older_node_says_nothing_of_acknowledging() -> None:
    alarm = Alarm.model_validate({"code": "c", "place": "p", "text": "t", "since_unix_s": 1.0})
    assert alarm.acknowledged_by == "" and alarm.acknowledged_at_unix_s is None
