"""Attached data: one canonical form, a seal, and refusals in words."""

import json

import pytest

from site_agent.core.attached_data import DataRefusedError, canonical, is_whole, merged, seal


def test_one_form_whatever_the_spelling() -> None:
    assert canonical(b'{ "b": 1, "a": "\\u00e9" }', 100) == '{"a":"é","b":1}'.encode()


@pytest.mark.parametrize(
    "bad",
    [
        b"",
        b"[]",
        b"{",
        b"\xff",
        b'{"a": NaN}',
        b'{"a": 1e999}',
        b'{"a":"\\ud800"}',
        b'{"a":' + b"[" * 40 + b"]" * 40 + b"}",
        b"[" * 100_000,
        b'{"a":"' + b"x" * 70_000 + b'"}',
    ],
)
def test_what_is_no_object_is_refused(bad: bytes) -> None:
    with pytest.raises(DataRefusedError):
        canonical(bad, 65_536)


def test_versions_overlay_and_stay_within_the_limit() -> None:
    first = merged(None, b'{"a":1}', 100)
    second = merged(first, b'{"a":2,"b":3}', 100)
    assert (first.version, second.version) == (1, 2)
    assert json.loads(second.data) == {"a": 2, "b": 3}
    with pytest.raises(DataRefusedError):
        merged(second, b'{"c":"' + b"x" * 95 + b'"}', 100)


def test_the_seal_tells_a_change() -> None:
    sealed = seal(b"{}", 1)
    assert is_whole(sealed.data, sealed.digest)
    assert not is_whole(b"{ }", sealed.digest)
