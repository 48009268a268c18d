"""`nrcli schema`: JSON Schemas of the documents, for editors. Needs no cluster.

Rule of this file: it prints or writes what `routing_policies.schema` draws.
"""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from nrcli.commands.exit_codes import USAGE
from nrcli.commands.node_access import failed
from routing_policies.document import KINDS
from routing_policies.errors import nearest


def schema(
    kind: Annotated[
        str, typer.Argument(help="Kind of document, such as RoutingPolicy, or `any`.")
    ] = "any",
    write_all: Annotated[
        Path | None,
        typer.Option("--all", metavar="DIR", help="Write the schemas of all kinds to this folder."),
    ] = None,
) -> None:
    """Print the JSON Schema of a kind of document, for editors."""
    from routing_policies.schema import all_schemas

    schemas = all_schemas()
    if write_all is not None:
        _write(write_all, {name: _text(one) for name, one in schemas.items()})
        return
    if kind not in schemas:
        near = nearest(kind, KINDS)
        hint = f"did you mean {near}?" if near else f"the kinds are {', '.join(KINDS)}"
        raise failed(f"{kind} is no kind of document: {hint}", USAGE)
    sys.stdout.write(_text(schemas[kind]))


def _write(folder: Path, texts: dict[str, str]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (folder / f"{name}.schema.json").write_text(text, encoding="utf-8")
    except OSError as error:
        raise failed(f"{folder} cannot be written: {error.strerror}", USAGE) from error
    sys.stdout.write(f"written to {folder}: {', '.join(texts)}\n")


def _text(one: object) -> str:
    return json.dumps(one, indent=2, ensure_ascii=False) + "\n"
