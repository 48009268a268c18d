"""Makes the OpenAPI document of a node's HTTP API from the table of operations.

Source: OpenAPI Specification 3.1.0. Rule of this file: pure, and always the same text for the same
table.
"""

import json
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from nrcli.wire.api_models import API, PROBLEM_JSON, Problem
from nrcli.wire.api_routes import EVENT_STREAM, JSON, OPERATIONS, STREAMED, Operation
from nrcli.wire.live_models import Gone, Skipped
from nrcli.wire.record_tables import TABLES

VERSION = "1"
COMMON = {
    400: "The request is wrong; `place` says where",
    401: "No valid token",
    408: "The request was not whole in time",
    413: "Too large",
    429: "Too many requests: come again later",
    503: "etcd, or the router, is away: nothing was changed; or too many read the live stream",
}
WORDS = {
    200: "Done",
    201: "Made",
    202: "Begun",
    304: "Not modified",
    403: "Not this client",
    404: "There is none",
    409: "Not as things stand now",
    412: "Something else was written meanwhile",
    422: "Understood, and refused for what it says",
    429: "Too many",
    504: "Outcome unknown",
}
REDIRECT = "Another node leads, and does this: `Location`"
PATH_PARAMETERS: Mapping[str, dict[str, Any]] = {
    "name": {"type": "string", "pattern": "^[a-z0-9][a-z0-9_.-]{0,62}$"},
    "kind": {"type": "string", "pattern": "^[A-Z][A-Za-z]{0,40}$"},
    "policy": {"type": "string", "pattern": "^[a-z0-9][a-z0-9_.-]{0,62}$"},
    "length": {"type": "string", "enum": ["daily", "interval"]},
    "table": {"type": "string", "enum": sorted(TABLES)},
    "id": {"type": "string", "pattern": "^[A-Za-z0-9-]{1,64}$"},
    "call": {"type": "string", "minLength": 6, "maxLength": 200},
    "silence": {"type": "string", "pattern": "^[0-9a-f]{1,32}$"},
    "version": {"type": "integer", "minimum": 1, "maximum": 99_999_999},
}


def openapi_document() -> dict[str, Any]:
    """The whole document."""
    schemas = _Schemas()
    paths: dict[str, dict[str, Any]] = {}
    for one in OPERATIONS:
        paths.setdefault(API + one.path, {})[one.method.lower()] = _operation(one, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "NIRC node",
            "version": VERSION,
            "description": "Every node, leader or not, serves this. See docs/api.md.",
        },
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": schemas.all(),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def openapi_text() -> str:
    """The document as it is kept in docs/openapi.json."""
    return json.dumps(openapi_document(), indent=1, ensure_ascii=False) + "\n"


class _Schemas:
    """Every model once, by its name, with requests as they are taken and answers as given."""

    def __init__(self) -> None:
        wanted: dict[tuple[type[BaseModel], JsonSchemaMode], None] = {}
        for one in OPERATIONS:
            if isinstance(one.body, type):
                wanted[one.body, "validation"] = None
            if isinstance(one.answer, type):
                wanted[one.answer, "serialization"] = None
        apart: list[type[BaseModel]] = [Problem, Gone, Skipped, *STREAMED.values()]
        for model in apart:
            wanted[model, "serialization"] = None
        self._references, self._found = models_json_schema(
            list(wanted), ref_template="#/components/schemas/{model}"
        )

    def of(self, model: type[BaseModel], mode: JsonSchemaMode) -> Any:
        """A reference."""
        return self._references[model, mode]

    def all(self) -> dict[str, Any]:
        """The definitions."""
        return dict(self._found["$defs"])


def _operation(one: Operation, schemas: _Schemas) -> dict[str, Any]:
    made: dict[str, Any] = {"operationId": one.id, "summary": one.summary}
    if parameters := [*_path_parameters(one), *_query_parameters(one), *_conditions(one)]:
        made["parameters"] = parameters
    if one.body is not None:
        made["requestBody"] = {"required": True, "content": _body(one.body, schemas)}
    made["responses"] = _responses(one, schemas)
    return made


def _path_parameters(one: Operation) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": schema}
        for name, schema in PATH_PARAMETERS.items()
        if f"{{{name}}}" in one.path
    ]


def _query_parameters(one: Operation) -> list[dict[str, Any]]:
    schema_of_all = one.query.model_json_schema()
    properties = schema_of_all.get("properties", {})
    parameters = []
    for name, schema in properties.items():
        schema.pop("title", None)
        if options := schema.pop("anyOf", None):  # absent, never null: a query has no null
            schema.pop("default", None)
            schema.update(next(option for option in options if option != {"type": "null"}))
        needed = name in schema_of_all.get("required", ())
        parameter = {"name": name, "in": "query", "required": needed, "schema": schema}
        if description := schema.pop("description", None):
            parameter["description"] = description
        parameters.append(parameter)
    return parameters


def _conditions(one: Operation) -> list[dict[str, Any]]:
    names = {"If-Match": "Only while it is this ETag"} if one.conditional else {}
    if one.id in ("getDocument",):
        names = {"If-None-Match": "The ETag that is known"}
    return [
        {"name": name, "in": "header", "required": False, "description": what, "schema": _ETAG}
        for name, what in names.items()
    ]


_ETAG = {"type": "string", "pattern": '^"[0-9]{1,18}"$'}


def _body(body: type[BaseModel] | str, schemas: _Schemas) -> dict[str, Any]:
    if isinstance(body, str):
        return {body: {"schema": {}}}
    return {JSON: {"schema": schemas.of(body, "validation")}}


def _responses(one: Operation, schemas: _Schemas) -> dict[str, Any]:
    problem = {PROBLEM_JSON: {"schema": schemas.of(Problem, "serialization")}}
    good: dict[str, Any] = {"description": WORDS[one.status], "content": _good(one, schemas)}
    if one.conditional or one.id in ("getDocument", "getPolicy", "getPolicyVersion"):
        good["headers"] = {"ETag": {"schema": {"type": "string"}}}
    responses = {str(one.status): good}
    if one.leader_only:
        location = {"Location": {"required": True, "schema": {"type": "string"}}}
        responses["307"] = {"description": REDIRECT, "content": problem, "headers": location}
    refusals = {*one.refusals, *({422} if "after" in one.query.model_fields else ())}
    for status in sorted({*COMMON, *refusals}):
        described: dict[str, Any] = {"description": COMMON.get(status) or WORDS[status]}
        if status != 304:
            described["content"] = problem
        responses[str(status)] = described
    return dict(sorted(responses.items()))


def _good(one: Operation, schemas: _Schemas) -> dict[str, Any]:
    if isinstance(one.answer, type):
        return {JSON: {"schema": schemas.of(one.answer, "serialization")}}
    if one.answer == JSON:
        return {JSON: {"schema": {"type": "object"}}}
    schema: dict[str, Any] = {"type": "string"}
    if one.answer == EVENT_STREAM:
        snapshot = STREAMED[one.id].__name__
        schema["description"] = (
            f"Events as docs/api.md has them; `reset` holds a {snapshot}, `gone` a Gone"
        )
    return {one.answer: {"schema": schema}}
