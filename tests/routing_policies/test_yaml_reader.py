"""The small, safe part of YAML that is read."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from routing_policies import yaml_reader
from routing_policies.errors import DocumentError
from routing_policies.yaml_reader import BYTES_MAX, KEYS_MAX, NODES_MAX, place_of, read_yaml


@pytest.fixture(params=["CSafeLoader", "SafeLoader"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_reader, "LOADER", getattr(yaml, request.param))


@pytest.mark.usefixtures("parser")
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


@pytest.mark.usefixtures("parser")
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
        ("é" * (BYTES_MAX // 2 + 1), "bytes long"),
        ("\n".join(f"k{i}: 1" for i in range(KEYS_MAX + 1)), "keys"),
        ("%YAML 1.1\n---\na: 1", "directive"),
        ("a: \ud800", "half a character"),
        ("a: x\ufeff", "U+FEFF"),
        ("? &x a\n: 1", "anchor"),
        ("*x : 1", "alias as a key"),
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


SCALARS = st.text(alphabet="ab:#'{}[]|> é😀,!&*-" + '"' + chr(92) + chr(10), max_size=12)
DOCUMENTS = st.recursive(
    SCALARS | st.integers() | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(SCALARS, inner, max_size=3),
    max_leaves=8,
)


def both(text: str) -> list[Any]:
    """What each parser makes of it: value and places, or faults."""
    told: list[Any] = []
    used = yaml_reader.LOADER
    for name in ("CSafeLoader", "SafeLoader"):
        yaml_reader.LOADER = getattr(yaml, name)
        try:
            read = read_yaml(text, source="t")
            told.append((read.value, {path: read.line_of(path) for path in read.places}))
        except DocumentError as error:
            told.append(str(error).partition(":")[0])
        finally:
            yaml_reader.LOADER = used
    return told


@given(DOCUMENTS, st.sampled_from([True, False, None]), st.sampled_from(["", "'", '"', "|", ">"]))
def test_both_parsers_read_the_same(value: Any, flow: bool | None, style: str) -> None:
    text = yaml.safe_dump(
        {"a": value}, default_flow_style=flow, default_style=style or None, allow_unicode=True
    )
    with_libyaml, without = both(text)
    assert with_libyaml == without
