"""Documents of a network, as text that is read back."""

from __future__ import annotations

from pathlib import Path

import pytest
from scenario_texts import scenario

from routing_policies.errors import DocumentError
from routing_policies.yaml_reader import read_yaml
from simulator.scenarios.lowering import model_of
from simulator.scenarios.written import flow, parts_of


@pytest.mark.parametrize("value", [0.5, 3.0, 0.000001, 12345.25, 7, True, "no", "+351", "*"])
def test_values_are_read_back(value: object) -> None:
    assert read_yaml(f"x: {flow(value)}", source="x").value == {"x": value}
    assert read_yaml(flow({"a": [value]}), source="x").value == {"a": (value,)}


def test_files_hold_several_documents_with_their_lines() -> None:
    parts = list(parts_of("# head\n---\na: 1\n---\n\nb: 2\n"))
    assert parts == ["\n\na: 1\n", "\n\n\n\n\nb: 2\n"]


def test_a_document_of_a_file_replaces_the_one_made_here(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(
        "apiVersion: nirc/v1\nkind: NetworkService\nmetadata: {name: sales}\n"
        "spec: {queue: sales, aht_s: 77, policy: default}\n---\n"
        "apiVersion: nirc/v1\nkind: Tenant\nmetadata: {name: default}\n"
    )
    documents = model_of(scenario("documents: [own.yaml]\n", tmp_path)).documents
    assert documents.services["sales"].spec.aht_s == 77 and "default" in documents.tenants


def test_a_fault_names_the_file_that_must_be_changed(tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text(
        "apiVersion: nirc/v1\nkind: RoutingPolicy\nmetadata: {name: own}\nspec:\n"
        "  rules:\n    - {name: it, action: redirect, to: {site: madrid, queue: sales}}\n"
    )
    with pytest.raises(DocumentError) as caught:
        model_of(scenario("policy: policy.yaml\n", tmp_path))
    assert caught.value.source == str(tmp_path / "policy.yaml") and caught.value.line == 6
