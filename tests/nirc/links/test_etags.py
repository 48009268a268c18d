"""Conditions of requests: understood, or an error."""

import pytest

from nirc.links.etags import ConditionError, if_match_revision, revision_etag


@pytest.mark.parametrize(
    ("headers", "revision"),
    [
        ({}, None),
        ({"If-Match": "*"}, None),
        ({"If-Match": revision_etag(42)}, 42),
        ({"If-Match": "42"}, 42),
        ({"If-None-Match": "*"}, 0),
    ],
)
def test_understood(headers: dict[str, str], revision: int | None) -> None:
    assert if_match_revision(headers) == revision


@pytest.mark.parametrize(
    "headers",
    [
        {"If-Match": "abc"},
        {"If-Match": '"1", "2"'},
        {"If-Match": 'W/"1"'},
        {"If-Match": "9" * 30},
        {"If-None-Match": '"3"'},
        {"If-None-Match": "*", "If-Match": '"3"'},
    ],
)
def test_not_understood(headers: dict[str, str]) -> None:
    with pytest.raises(ConditionError):
        if_match_revision(headers)
