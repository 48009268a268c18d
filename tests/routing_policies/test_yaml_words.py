"""Mistakes of form in words; tests/policy_corpus/yaml_text.yaml holds them by example."""

from __future__ import annotations

import pytest
import yaml

from routing_policies import yaml_reader
from routing_policies.errors import DocumentError
from routing_policies.yaml_reader import read_yaml
from routing_policies.yaml_words import syntax_words


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: [1", "a comma or the closing bracket is missing"),
        ("a: [1\nb: 2", "(opened on line 1)"),
        ("a: 'x", "a quote that is never closed"),
        ("a:\n\tb: 1", "a tab"),
        ("a: b: c", "a colon where"),
        ("a: *", "* and & begin an alias"),
        ("a: @x", "cannot begin with @"),
        ('a: "\\q"', "an escape"),
        ("a:\n  b: 1\n c: 2", "does not fit the lines above"),
        ("a: 1\nb", "a line without a colon"),
        ("a: [1,,2]", "a value is missing"),
        ("a: | x\n  y", "text after | or >"),
        ("a: 'x' y", "text after the closing quote"),
        ("a: - b", "a list on the line of its name"),
    ],
)
def test_both_parsers_are_told_in_the_same_words(
    text: str, problem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = []
    for parser in ("CSafeLoader", "SafeLoader"):
        monkeypatch.setattr(yaml_reader, "LOADER", getattr(yaml, parser))
        with pytest.raises(DocumentError) as caught:
            read_yaml(text, source="t")
        told.append(caught.value.faults)
    assert problem in told[0][0].problem and told[0][0].line
    assert told[0] == told[1]


def test_what_nobody_foresaw_is_told_in_the_words_of_the_parser() -> None:
    assert syntax_words("strange things", "a", 0)[0] == "strange things"
    assert syntax_words("", "a", 0) == (
        "cannot be read",
        "check indentation, brackets and quotes there",
    )


def test_a_text_with_double_quotes_goes_into_single_ones() -> None:
    with pytest.raises(DocumentError) as caught:
        read_yaml('when: "data("tier") == "gold""', source="t")
    assert "single ones" in (caught.value.faults[0].remedy or "")
    with pytest.raises(DocumentError) as caught:
        read_yaml("when: 'data('tier') == 1'", source="t")
    assert "twice" in (caught.value.faults[0].remedy or "")
