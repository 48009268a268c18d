"""What was read is kept as long as it is used."""

from __future__ import annotations

import pytest
from network_texts import GOOD

from routing_policies.errors import DocumentError
from routing_policies.read_texts import ReadTexts

KEY = "RoutingPolicy/mine"
TEXT = GOOD[KEY][0]


def test_the_same_text_is_read_once_and_another_version_is_compiled_anew() -> None:
    read = ReadTexts()
    assert read.document(KEY, TEXT) is read.document(KEY, TEXT)
    assert read.compiled(KEY, TEXT, 1) is read.compiled(KEY, TEXT, 1)
    assert read.compiled(KEY, TEXT, 2).version == 2


def test_what_two_sets_did_not_use_is_forgotten() -> None:
    read = ReadTexts()
    first = read.document(KEY, TEXT)
    for _ in range(2):
        read.begin()
    assert read.document(KEY, TEXT) is first
    for _ in range(3):
        read.begin()
    assert read.document(KEY, TEXT) is not first


def test_a_mistake_is_not_remembered() -> None:
    read = ReadTexts()
    for _ in range(2):
        with pytest.raises(DocumentError):
            read.document(KEY, "a: [")
