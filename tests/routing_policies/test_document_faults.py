"""One mistake is told once, where it must be mended; the corpus holds them by example."""

from __future__ import annotations

import pytest

from routing_policies.document_faults import FAULTS_MAX
from routing_policies.errors import DocumentError, Fault, shown
from routing_policies.loading import load_document

HEAD = "apiVersion: nirc/v1\nkind: {}\nmetadata: {{name: x}}\nspec:\n"


def faults(kind: str, spec: str) -> tuple[Fault, ...]:
    with pytest.raises(DocumentError) as caught:
        load_document(HEAD.format(kind) + spec, source="t")
    return caught.value.faults


def test_unknown_keys_come_first_and_the_caret_is_under_the_key() -> None:
    first, second = faults("NetworkService", "  qeue: sales\n  aht_s: 0\n")[:2]
    assert (first.problem, first.remedy) == ("unknown key", "did you mean queue?")
    assert (first.line, first.column, first.width) == (5, 3, 4)
    assert second.problem in {"is missing", "should be above 0, got 0"}


def test_a_value_of_several_types_is_told_once() -> None:
    (fault,) = faults("RoutingPolicy", "  rules: [{name: r, action: route, when: {a: 1}}]\n")
    assert fault.problem == "should be text, a number, or true or false, got a section"


def test_a_fault_inside_a_regime_is_found() -> None:
    select = "{agents_wait: longest_available, calls_wait: {by: cheapest}}"
    (fault,) = faults("RoutingPolicy", f"  rules: [{{name: r, action: route, select: {select}}}]\n")
    assert fault.place == "spec.rules[0].select.calls_wait.by"
    assert fault.width == len("cheapest")


def test_thousands_of_mistakes_are_not_all_told() -> None:
    numbers = ", ".join(["x"] * 5_000)
    assert len(faults("NetworkService", f"  queue: q\n  numbers: [{numbers}]\n")) == FAULTS_MAX


def test_the_picture() -> None:
    text = HEAD.format("NetworkService") + "  queue: sales\n  aht_s: fast\n"
    with pytest.raises(DocumentError) as caught:
        load_document(text, source="t")
    lines = shown(caught.value, text).split("\n")
    assert lines[1:] == ["      aht_s: fast", "             ^^^^"]
