"""The OpenAPI document is what the models say, is valid, and fits what is really told."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from contract_samples import sample
from pushing_cti import enters, whole
from source_tree import ROOT

from site_agent.adapters.acd_commands import AcceptArrival, HoldAgent, ReleaseHold
from site_agent.adapters.http_push.said_to_cti import COMMAND_KINDS, ScreenPop, told
from site_agent.commands.http_push_openapi import openapi

KEPT = ROOT / "docs" / "adapters" / "http_push.openapi.json"


def validator(name: str) -> jsonschema.Draft202012Validator:
    document = openapi()
    schema: dict[str, Any] = {"$ref": f"#/components/schemas/{name}", **document}
    return jsonschema.Draft202012Validator(schema)


def test_the_document_that_is_kept_is_the_one_of_the_models() -> None:
    """Write it anew: `site-agent conformance openapi > docs/adapters/http_push.openapi.json`."""
    assert json.loads(KEPT.read_text(encoding="utf-8")) == openapi()


def test_it_is_a_valid_openapi_document() -> None:
    library = pytest.importorskip("openapi_spec_validator")
    library.validate(openapi())


def test_every_schema_is_a_json_schema() -> None:
    for name, schema in openapi()["components"]["schemas"].items():
        jsonschema.Draft202012Validator.check_schema(schema)
        assert not name.startswith("_")


@pytest.mark.parametrize("kind", [AcceptArrival, HoldAgent, ReleaseHold, ScreenPop])
def test_what_is_told_fits_the_document(kind: type) -> None:
    given = {"data": b'{"k":1}'} if kind in (AcceptArrival, ScreenPop) else {}
    validator("Command").validate(told(3, sample(kind, **given)))
    with pytest.raises(jsonschema.ValidationError):
        validator("Command").validate({"number": 3, "type": "of_a_later_protocol"})


def test_every_command_is_named() -> None:
    mapping = openapi()["components"]["schemas"]["Command"]["discriminator"]["mapping"]
    assert set(mapping) == set(COMMAND_KINDS)


def test_what_is_said_fits_the_document() -> None:
    batch = {"session": "s", "seq": 1, "messages": [whole("anna"), enters()]}
    validator("Batch").validate(batch)
    batch["messages"] = [enters() | {"waited_s": 1}]
    with pytest.raises(jsonschema.ValidationError):
        validator("Batch").validate(batch)
