"""The small, safe part of YAML that is read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing_policies.errors import DocumentError
from routing_policies.yaml_reader import BYTES_MAX, NODES_MAX, place_of, read_yaml


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("0123", "0123"),
        ("0x1f", "0x1f"),
        ("1_000", "1_000"),
        ("12:30", "12:30"),
        ("2026-01-01", "2026-01-01"),
        (".inf", ".inf"),
        ("+351", "+351"),
        ("9" * 40, "9" * 40),
        ("'12'", "12"),
        ("12", 12),
        ("-1", -1),
        ("1.50", 1.5),
        ("true", True),
        ("True", "True"),
        ("null", None),
        ("~", None),
    ],
)
def test_scalars_are_what_they_look_like(text: str, value: object) -> None:
    assert read_yaml(f"key: {text}", source="t").value == {"key": value}


def test_lines_are_kept() -> None:
    read = read_yaml("a:\n  - x\n  - b: 1\n    c: 2\n", source="t")
    assert read.value == {"a": ("x", {"b": 1, "c": 2})}
    assert read.line_of(("a", 1, "c")) == 4
    assert read.line_of(("a", 1, "unknown")) == 3
    assert place_of(("a", 1, "c")) == "a[1].c"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "is empty"),
        ("a: 1\na: 2", "is given twice"),
        ("a: &x 1", "anchor"),
        ("a: *x", "alias"),
        ("a: !!python/object:os.system 1", "tag"),
        ("? [a]\n: 1", "key that is not text"),
        ("a: 1\n---\nb: 1", "second document"),
        ("a: [1", "not YAML"),
        ("a: \x00", "not YAML"),
        ("[" * 100_000, "nested deeper"),
        ("[" + "1," * (NODES_MAX + 1) + "]", "values"),
        ("#" * (BYTES_MAX + 1), "bytes long"),
    ],
)
def test_what_is_refused(text: str, problem: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read_yaml(text, source="t.yaml")
    assert problem in str(caught.value)
    assert caught.value.source == "t.yaml"
    assert caught.value.remedy


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        read_yaml(text, source="t")
    except DocumentError as error:
        assert error.problem
