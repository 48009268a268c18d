"""Which changes of documents are no changes at all."""

import pytest
from pydantic import ValidationError

from nrcli.wire.document_models import DocumentChange, DocumentChanges

GOOD = {"kind": "Site", "name": "lisbon", "text": "x"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "site"},
        {"name": "../x"},
        {"name": "a\n"},
        {"text": 5},
        {"if_revision": False},
        {"if_revision": "7"},
        {"author": "ana"},
    ],
)
def test_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        DocumentChange.model_validate({**GOOD, **wrong})


def test_none_and_too_many_are_refused() -> None:
    one = DocumentChange.model_validate(GOOD)
    for count in (0, 101):
        with pytest.raises(ValidationError):
            DocumentChanges(changes=(one,) * count)
