"""`nrcli keys | sign | verify | peer-plan`: what sites trust without NIRC. Needs no cluster, but
for `--live`.

Rule of this file: files in, files out; what a signature is stands in `nrcli.wire.signatures`, what
a plan says in `routing_policies`. Nothing is written over that was not read from there.
"""

from pathlib import Path
from typing import Annotated

import typer

from nrcli.commands.clock import unix_s, utc_after
from nrcli.commands.exit_codes import DOCUMENT_WRONG, REFUSED, USAGE
from nrcli.commands.file_text import text_in, yaml_files
from nrcli.commands.live_capacity import capacities_of
from nrcli.commands.node_access import access_of, failed
from nrcli.commands.tables import show
from nrcli.commands.told_plans import end_of, is_over
from nrcli.errors import SettingsError
from nrcli.wire import signatures
from routing_policies.document import DocumentError, load_document
from routing_policies.errors import shown
from routing_policies.kinds import Document
from routing_policies.peer_plan_draft import draft

KeyFile = Annotated[Path, typer.Option("--key", envvar="NRCLI_SIGN_KEY", help="Your sign.key.")]
PublicKeyFile = Annotated[
    Path, typer.Option("--key", envvar="NRCLI_SIGN_PUB", help="The sign.pub that the sites have.")
]


def keys(folder: Annotated[Path, typer.Argument(help="Where they are written.")]) -> None:
    """Make keys: sign.key (keep it), sign.pub and plan-calls.key (both for every site)."""
    try:
        paths = signatures.make_keys(folder)
    except OSError as error:
        raise failed(f"{error.filename or folder}: {error.strerror}", USAGE) from error
    show(*(f"written: {path}" for path in paths))


def sign(
    file: Annotated[Path, typer.Argument(help="A document; the signature is its last line.")],
    key: KeyFile,
) -> None:
    """Sign a document in its file, such as a PeerPlan; sites take no plan without."""
    text, source = text_in(file)
    _checked(text, source)
    try:
        file.write_text(signatures.signed(text, key), encoding="utf-8")
    except SettingsError as error:
        raise failed(str(error), USAGE) from error
    except OSError as error:
        raise failed(f"{file} cannot be written: {error.strerror}", USAGE) from error
    show(f"signed: {file}")


def verify(
    file: Annotated[Path, typer.Argument(help="A signed document.")], key: PublicKeyFile
) -> None:
    """Say whether a document is signed by the owner of a public key.

    Ends with 1 if not, or if it is a plan whose time is over.
    """
    text, source = text_in(file)
    document = _checked(text, source)
    try:
        signatures.check_signature(text, signatures.public_key(key))
    except SettingsError as error:
        raise failed(str(error), USAGE) from error
    except signatures.SignatureError as error:
        raise failed(f"{source}: {error}", REFUSED) from error
    signed = f"{source}: {document.kind}/{document.name} is signed by {key}"
    more = end_of(document)
    if is_over(document, unix_s()):
        raise failed(f"{signed}, but over ({more}): no site takes it", REFUSED)
    show(f"{signed} ({more})" if more else signed)


def peer_plan(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="Folder of documents: Site, SiteTable, ...")],
    *,
    serial: Annotated[int, typer.Option(min=1, help="Above that of every plan before.")] = 1,
    days: Annotated[int, typer.Option(min=1, max=3650, help="How long it is good.")] = 90,
    trunk_group: Annotated[
        str, typer.Option(help="Trunk group on which sites take one another's calls.")
    ] = "network",
    live: Annotated[
        bool, typer.Option("--live", help="Ask the node who is at work: shares follow from it.")
    ] = False,
) -> None:
    """Draft a PeerPlan from the documents of a folder: every site for every service it serves."""
    if not folder.is_dir():
        raise failed(f"{folder}: there is no such folder (name one with your documents)", USAGE)
    found = [_checked(*text_in(file)) for file in yaml_files(folder)]
    drafted = draft(
        found,
        serial=serial,
        valid_until=utc_after(days),
        trunk_group=trunk_group,
        capacities=access_of(context).ask(capacities_of) if live else None,
    )
    if not drafted.text:
        raise failed("; ".join(drafted.problems), DOCUMENT_WRONG)
    typer.echo(drafted.text, nl=False)
    for problem in drafted.problems:
        typer.echo(f"left out: {problem}", err=True)


def _checked(text: str, source: str) -> Document:
    try:
        return load_document(text, source=source)
    except DocumentError as error:
        raise failed(shown(error, text), DOCUMENT_WRONG) from error
