"""The OpenAPI document of the HTTP door for a CTI, from the models that read it.

Rule of this file: nothing is written here that a model says; only paths, answers and how they are
secured.
"""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import models_json_schema

from site_agent.adapters.http_push.said_by_cti import (
    PROTOCOL,
    Batch,
    Hello,
    Problem,
    Taken,
    Welcome,
)
from site_agent.adapters.http_push.said_to_cti import COMMAND_KINDS, command_model

REF = "#/components/schemas/"
EVENT_STREAM = """Server-sent events: `event: command`, `id:` the command's number, `data:` the \
command. A stream that was lost is taken up with `Last-Event-ID`. One reader at a time: a new one \
ends the one before."""
Json = dict[str, Any]


def openapi() -> Json:
    """The whole document, OpenAPI 3.1."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "NIRC site agent: any CTI by HTTP",
            "version": str(PROTOCOL),
            "description": "A CTI pushes its state in numbered batches and takes numbered commands."
            " Every time is a duration in milliseconds.",
        },
        "security": [{"token": []}],
        "paths": {
            "/v1/hello": {"post": _post("hello", "Begin a session.", "Hello", "Welcome")},
            "/v1/events": {"post": _post("push", "Push a numbered batch.", "Batch", "Taken")},
            "/v1/commands": {"get": _stream()},
            "/v1/commands/poll": {"get": _poll()},
            "/healthz": {"get": _health()},
        },
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": _schemas(),
        },
    }


def _schemas() -> Json:
    said: list[Any] = [(kind, "validation") for kind in (Hello, Batch)]
    told: list[Any] = [(kind, "serialization") for kind in (Welcome, Taken, Problem)]
    _, found = models_json_schema([*said, *told], ref_template=REF + "{model}")
    schemas: Json = found["$defs"]
    names = {}
    for word, kind in COMMAND_KINDS.items():
        schema = TypeAdapter(command_model(kind)).json_schema(ref_template=REF + "{model}")
        schemas.update(schema.pop("$defs", {}))
        name = f"Command{kind.__name__}"
        schema["required"] = [*schema.get("required", []), "type"]
        schemas[name], names[word] = schema, REF + name
    schemas["Command"] = {
        "description": "One numbered command. Ignore keys that are not known.",
        "oneOf": [{"$ref": name} for name in names.values()],
        "discriminator": {"propertyName": "type", "mapping": names},
    }
    return dict(sorted(schemas.items()))


def _post(name: str, summary: str, body: str, answer: str) -> Json:
    return {
        "operationId": name,
        "summary": summary,
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"$ref": REF + body}}},
        },
        "responses": _answers("application/json", {"$ref": REF + answer}, "Taken."),
    }


def _stream() -> Json:
    last = _parameter("Last-Event-ID", "header", "The last command that was done; 0: none.")
    return {
        "operationId": "streamCommands",
        "summary": "Take commands as they come.",
        "description": EVENT_STREAM,
        "parameters": [_session(), last],
        "responses": _answers("text/event-stream", {"$ref": REF + "Command"}, "Commands."),
    }


def _poll() -> Json:
    commands = {"type": "array", "items": {"$ref": REF + "Command"}}
    answer = {"type": "object", "required": ["commands"], "properties": {"commands": commands}}
    return {
        "operationId": "pollCommands",
        "summary": "Take commands by long poll.",
        "parameters": [
            _session(),
            _parameter("after", "query", "The last command that was done; 0: none."),
            _parameter("wait_ms", "query", "How long to wait for a command, at most 60000."),
        ],
        "responses": _answers("application/json", answer, "Commands, or none in the time."),
    }


def _health() -> Json:
    return {
        "operationId": "health",
        "summary": "Is the site agent there, and is the CTI heard?",
        "security": [],
        "responses": {"200": {"description": "It is there."}},
    }


def _session() -> Json:
    text = "The session that hello was answered with."
    schema = {"type": "string"}
    return {
        "name": "session",
        "in": "query",
        "required": True,
        "description": text,
        "schema": schema,
    }


def _parameter(name: str, where: str, text: str) -> Json:
    schema = {"type": "integer", "minimum": 0}
    return {"name": name, "in": where, "description": text, "schema": schema}


def _answers(kind: str, schema: Json, text: str) -> Json:
    told = {
        "400": "The body is wrong; `place` says where.",
        "401": "The bearer token is missing or wrong.",
        "409": "Out of turn: `want` says what to send.",
        "413": "Larger than the settings allow.",
        "422": "Attached data cannot be taken.",
        "429": "Too many requests; see Retry-After.",
        "503": "Overloaded: send the same again.",
    }
    problem = {"application/problem+json": {"schema": {"$ref": REF + "Problem"}}}
    good = {"200": {"description": text, "content": {kind: {"schema": schema}}}}
    bad = {code: {"description": words, "content": problem} for code, words in told.items()}
    return good | bad
