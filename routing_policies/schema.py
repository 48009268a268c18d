"""JSON Schemas of the documents, for editors that check while a person writes.

Rule of this file: a schema is drawn from the model that reads the document; what a schema cannot
say (names that exist, expressions) it leaves to `nrcli policy check`.
"""

from __future__ import annotations

from typing import Any, get_args

from pydantic import BaseModel

from routing_policies.kinds import KINDS
from routing_policies.policy_kinds import SelectionName

DIALECT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]
"JSON values."


def json_schema(kind: str) -> Schema:
    """The schema of one kind of document. Raises KeyError for a kind that is not there."""
    return schema_of(kind, KINDS[kind])


def schema_of(kind: str, model: type[BaseModel]) -> Schema:
    """The schema of a kind of document that this model reads."""
    drawn = model.model_json_schema(by_alias=True)
    if "Select" in drawn.get("$defs", {}):
        _two_forms_of_select(drawn["$defs"])
    drawn["properties"] = {
        key: drawn["properties"][key] for key in ("apiVersion", "kind", "metadata", "spec")
    }
    return {
        "$schema": DIALECT,
        "$id": f"urn:nirc:v1:{kind}",
        **drawn,
        "title": kind,
        "description": (model.__doc__ or "").partition("\n")[0].replace("`", ""),
    }


def all_schemas() -> dict[str, Schema]:
    """The schemas of all kinds, and `any`: one for files that may be of each kind."""
    schemas = {kind: json_schema(kind) for kind in KINDS}
    return {**schemas, "any": _any(schemas)}


def _two_forms_of_select(definitions: dict[str, Schema]) -> None:
    """A selection is written as its name, with its parameters, or once per regime."""
    name: Schema = {"type": "string", "enum": list(get_args(SelectionName))}
    one = [name, {"$ref": "#/$defs/SelectBy"}]
    description = definitions["Select"].get("description", "")
    definitions["Select"] = {
        "title": "Select",
        "description": description,
        "anyOf": [*one, {"$ref": "#/$defs/SelectByRegime"}],
    }
    for regime in definitions["SelectByRegime"]["properties"].values():
        regime.pop("$ref", None)
        regime["anyOf"] = one


def _any(schemas: dict[str, Schema]) -> Schema:
    """By `kind`; each schema keeps its own definitions."""
    return {
        "$schema": DIALECT,
        "$id": "urn:nirc:v1:any",
        "title": "A document of NIRC",
        "type": "object",
        "required": ["apiVersion", "kind", "metadata"],
        "properties": {"kind": {"enum": list(schemas)}},
        "allOf": [
            {
                "if": {"properties": {"kind": {"const": kind}}, "required": ["kind"]},
                "then": {"$ref": schema["$id"]},
            }
            for kind, schema in schemas.items()
        ],
        "$defs": dict(schemas),
    }
