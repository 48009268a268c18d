"""`nrcli documents`: list, read, write and remove the documents of the network.

Rule of this file: a file is read whole before anything is sent; several files are changed together
or not at all.
"""

import sys
from pathlib import Path
from typing import Annotated

import typer

from nrcli.commands.clock import unix_s
from nrcli.commands.exit_codes import DOCUMENT_WRONG, USAGE
from nrcli.commands.file_text import text_in
from nrcli.commands.node_access import access_of, author_of, failed, put_json
from nrcli.commands.tables import documents_parts, show
from nrcli.commands.told_plans import refusals
from nrcli.wire.document_models import DocumentChange
from routing_policies.document import KINDS, DocumentError, load_document
from routing_policies.errors import shown
from routing_policies.policy_text import compile_text
from routing_policies.shapes import NAME_IN_WORDS, is_name

app = typer.Typer(no_args_is_help=True, help="The documents of the network.")

NAME_HELP = "KIND/NAME, such as Site/lisbon."


@app.command("list")
def list_documents(context: typer.Context) -> None:
    """List all documents with their revisions."""
    access = access_of(context)
    answer = access.ask(lambda node: node.documents())
    put_json(answer) if access.as_json else show(*documents_parts(answer.documents))


@app.command("get")
def get_document(
    context: typer.Context, document: Annotated[str, typer.Argument(help=NAME_HELP)]
) -> None:
    """Print one document as it was written."""
    kind, name = _split(document)
    found = access_of(context).ask(lambda node: node.document(kind, name))
    sys.stderr.write(f"revision {found.etag}\n")
    sys.stdout.write(found.text)


@app.command("put")
def put_documents(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(help="YAML files; `-` for standard input.")],
    if_match: Annotated[
        str, typer.Option(help="Only if the one document is still at this revision.")
    ] = "",
    author: Annotated[
        str, typer.Option(envvar="NRCLI_AUTHOR", help="Who; you, unless named (for policies).")
    ] = "",
) -> None:
    """Write documents, all or none; a RoutingPolicy becomes a version.

    A mistake is shown with the line it is on.
    """
    access = access_of(context)
    if if_match and len(files) > 1:
        raise failed("--if-match goes with one file", USAGE)
    revision = _revision(if_match) if if_match else None
    changes = [_change(file, revision) for file in files]
    who = author_of(author)
    answer = access.ask(lambda node: node.apply_documents(changes, who))
    if access.as_json:
        put_json(answer)
    else:
        names = ", ".join(f"{one.kind}/{one.name}" for one in changes)
        show(f"written at revision {answer.revision}: {names}")
        for warning in answer.warnings:
            typer.echo(f"nrcli: warning: {warning}", err=True)


@app.command("delete")
def delete_document(
    context: typer.Context,
    documents: Annotated[list[str], typer.Argument(help=NAME_HELP)],
    if_match: Annotated[
        str, typer.Option(help="Only if the one document is still at this revision.")
    ] = "",
) -> None:
    """Remove documents, all or none; refused if others name them."""
    access = access_of(context)
    if if_match and len(documents) > 1:
        raise failed("--if-match goes with one document", USAGE)
    revision = _revision(if_match) if if_match else None
    changes = [
        DocumentChange(kind=kind, name=name, text=None, if_revision=revision)
        for kind, name in map(_split, documents)
    ]
    who = author_of("")
    answer = access.ask(lambda node: node.apply_documents(changes, who))
    put_json(answer) if access.as_json else show(f"removed {', '.join(documents)}")


def _split(document: str) -> tuple[str, str]:
    kind, slash, name = document.partition("/")
    if not slash or not kind or not name or "/" in name:
        raise failed(f"{document!r} is no document: write {NAME_HELP}", USAGE)
    if kind not in KINDS:
        raise failed(f"{kind} is no kind of document; the kinds are {', '.join(KINDS)}", USAGE)
    if not is_name(name):
        raise failed(f"{name!r} is no name of a document: write {NAME_IN_WORDS}", USAGE)
    return kind, name


def _revision(text: str) -> int:
    digits = text.strip().strip('"')
    if not digits.isdecimal():
        raise failed(f"--if-match {text}: a revision is a whole number", USAGE)
    return int(digits)


def _change(file: Path, if_revision: int | None) -> DocumentChange:
    """A file as a change; kind and name stand in it. Ends the program at a mistake."""
    text, source = text_in(file)
    try:
        document = load_document(text, source=source)
        if document.kind == "RoutingPolicy":
            compile_text(text, source=source)
    except DocumentError as error:
        raise failed(shown(error, text), DOCUMENT_WRONG) from error
    for why in refusals(document, text, unix_s()):
        typer.echo(f"nrcli: {source}: warning: no site will use this plan: {why}", err=True)
    return DocumentChange(
        kind=document.kind, name=document.metadata.name, text=text, if_revision=if_revision
    )
