"""The OpenAPI document is valid, current, and says what the table says."""

import json

from openapi_spec_validator import validate
from source_tree import ROOT

from nrcli.wire.api_routes import OPERATIONS
from nrcli.wire.openapi import openapi_document, openapi_text


def test_it_is_a_valid_document() -> None:
    validate(openapi_document())


def test_the_kept_file_is_current() -> None:
    kept = (ROOT / "docs/openapi.json").read_text(encoding="utf-8")
    assert kept == openapi_text(), "run `make openapi > docs/openapi.json`"


def test_every_operation_stands_in_it_once_with_its_problems() -> None:
    document = json.loads(openapi_text())
    found = {
        operation["operationId"]: operation
        for path in document["paths"].values()
        for operation in path.values()
    }
    assert set(found) == {one.id for one in OPERATIONS}
    for name, operation in found.items():
        for status, answer in operation["responses"].items():
            if status not in ("200", "201", "202", "304"):
                assert list(answer["content"]) == ["application/problem+json"], (name, status)


def test_parameters_are_typed_and_none_is_null() -> None:
    operation = openapi_document()["paths"]["/api/v1/queues"]["get"]
    schemas = {one["name"]: one["schema"] for one in operation["parameters"]}
    assert schemas["limit"]["maximum"] == 1000 and schemas["limit"]["default"] == 1000
    assert schemas["open"] == {"enum": ["true", "false"], "type": "string"}
    assert "422" in operation["responses"], "a cursor that means nothing"
