"""Editors accept what is accepted, and refuse what has the wrong shape."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from policy_corpus import Case, cases
from pydantic import ValidationError

from routing_policies.errors import DocumentError
from routing_policies.kinds import KINDS
from routing_policies.schema import all_schemas, json_schema
from routing_policies.yaml_reader import read_yaml

BEYOND_A_SCHEMA = {"host_name", "address_form"}
"Things that are well formed and not available yet, or no address."


@cache
def validator(kind: str) -> Draft202012Validator:
    return Draft202012Validator(all_schemas()[kind])


def plain(value: Any) -> Any:
    """As JSON has it: lists."""
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, tuple) else value


def read(case: Case) -> Any:
    try:
        return read_yaml(case.text, source=case.name).value
    except DocumentError:
        return None


def wrong_shape(value: Any) -> bool:
    """Does the model refuse its shape?"""
    try:
        KINDS[value["kind"]].model_validate(value)
    except ValidationError as error:
        return not {item["type"] for item in error.errors()} <= BEYOND_A_SCHEMA
    return False


def documents() -> list[tuple[str, Any]]:
    found = [(case.name, read(case)) for case in cases()]
    return [(name, v) for name, v in found if isinstance(v, dict) and v.get("kind") in set(KINDS)]


@pytest.mark.parametrize("kind", KINDS)
def test_every_schema_is_one_and_describes_its_fields(kind: str) -> None:
    drawn = json_schema(kind)
    Draft202012Validator.check_schema(drawn)
    assert drawn["title"] == kind and drawn["$schema"].endswith("2020-12/schema")
    assert list(drawn["properties"]) == ["apiVersion", "kind", "metadata", "spec"]
    assert drawn["description"]


def test_docstrings_of_fields_are_descriptions() -> None:
    rule = json_schema("RoutingPolicy")["$defs"]["Rule"]["properties"]
    assert rule["min_gain_s"]["description"].startswith("Shortening of the wait")


@pytest.mark.parametrize("which", ["own", "any"])
def test_the_corpus(which: str) -> None:
    counts = {True: 0, False: 0}
    for name, value in documents():
        check = validator(value["kind"] if which == "own" else "any")
        wrong = wrong_shape(value)
        assert check.is_valid(plain(value)) is not wrong, name
        counts[wrong] += 1
    assert counts[True] > 50 and counts[False] > 30


@pytest.mark.parametrize(
    ("select", "fits"),
    [
        ("longest_available", True),
        ("shortest", False),
        ({"by": "ordered", "sites": ["porto"]}, True),
        ({"sites": ["porto"]}, False),
        ({"agents_wait": "least_occupied", "calls_wait": {"by": "cost"}}, True),
        ({"agents_wait": "least_occupied"}, False),
    ],
)
def test_all_forms_of_a_selection(select: object, fits: bool) -> None:
    rule = {"name": "r", "action": "route", "select": select}
    value = {
        "apiVersion": "nirc/v1",
        "kind": "RoutingPolicy",
        "metadata": {"name": "p"},
        "spec": {"rules": [rule]},
    }
    assert validator("RoutingPolicy").is_valid(value) is fits
