"""Requests are strict, answers may grow."""

import pytest
from pydantic import ValidationError

from nrcli.wire.alarm_models import Alarm
from nrcli.wire.document_models import DocumentChange, DocumentChanges


def test_requests_are_strict() -> None:
    DocumentChange(kind="Site", name="lisbon", text=None)
    for wrong in ({"kind": "site"}, {"name": "A/b"}, {"colour": "red"}, {"name": "../x"}):
        with pytest.raises(ValidationError):
            DocumentChange.model_validate({"kind": "Site", "name": "a", "text": "t", **wrong})
    with pytest.raises(ValidationError):
        DocumentChanges(changes=())


def test_answers_may_grow() -> None:
    alarm = Alarm.model_validate(
        {"code": "c", "place": "p", "text": "t", "since_unix_s": 1.0, "severity": "major"}
    )
    assert alarm.code == "c"
