"""`nrcli number`: what a network does with a telephone number.

Rule of this file: reads documents, from files or from the node, and asks `number_answer`.
"""

from pathlib import Path
from typing import Annotated

import typer

from nrcli.admin_client import AdminClient
from nrcli.commands.clock import unix_s
from nrcli.commands.exit_codes import DOCUMENT_WRONG, REFUSED, USAGE
from nrcli.commands.file_text import text_in, yaml_files
from nrcli.commands.node_access import access_of, failed, put_json
from nrcli.commands.number_answer import Network, Question, answer_to, lines_of
from nrcli.commands.tables import show
from routing_policies.calendars import unix_s_of
from routing_policies.errors import DocumentError, shown
from routing_policies.kinds import AnyDocument, SiteDoc
from routing_policies.loading import load_document
from routing_policies.numbers import is_country

app = typer.Typer(no_args_is_help=True, help="What the network does with a telephone number.")
READ = (
    "Calendar",
    "DialedNumberPlan",
    "NetworkService",
    "RoutingPolicy",
    "Site",
    "Tenant",
)
MARK = "apiVersion: nirc/"
"What tells a document from other YAML in a folder."
YEARS = range(1970, 2200)


@app.callback()
def _group() -> None:
    """Keep `explain` a word of its own: `nrcli number explain`."""


@app.command()
def explain(
    context: typer.Context,
    number: Annotated[str, typer.Argument(help="The number as somebody dials or writes it.")],
    *,
    trunk_group: Annotated[str, typer.Option(help="Trunk group the call comes in on.")] = "",
    site: Annotated[str, typer.Option(help="Site the call comes in at.")] = "",
    caller: Annotated[str, typer.Option(help="The caller's number, or anonymous.")] = "",
    digits: Annotated[str, typer.Option(help="What the caller entered.")] = "",
    at: Annotated[
        str, typer.Option(help="Moment in the site's time zone (else UTC): 2026-12-24T18:00.")
    ] = "",
    country: Annotated[
        str, typer.Option(help="What the number means without +, such as PT; else the plan's.")
    ] = "",
    verified: Annotated[
        bool, typer.Option("--verified", help="The caller's number is vouched for.")
    ] = False,
    files: Annotated[
        list[Path] | None,
        typer.Option(help="YAML files or folders instead of the node's documents; repeatable."),
    ] = None,
) -> None:
    """Say what a number means: service, policy, priority, and why other entries do not match."""
    documents = _from_files(files) if files else _from_node(context)
    network = Network(documents)
    if site and site not in network.of(SiteDoc):
        known = ", ".join(sorted(network.of(SiteDoc))) or "none"
        raise failed(f"there is no Site {site} (sites are: {known})", REFUSED)
    if country and not is_country(country.upper()):
        raise failed(f"--country {country}: no numbering plan is known; write such as PT", USAGE)
    question = Question(
        number=number,
        trunk_group=trunk_group,
        site=site,
        caller=caller,
        digits=digits,
        country=country.upper(),
        verified=verified,
        unix_s=_moment(at, network.time_zone(site)) if at else unix_s(),
    )
    answer = answer_to(question, network)
    if access_of(context).as_json:
        put_json(answer)
        return
    show(*(line.replace("[", r"\[") for line in lines_of(answer)))


def _moment(at: str, time_zone: str) -> float:
    try:
        if int(at[:4]) in YEARS:
            return unix_s_of(at, time_zone)
    except (ValueError, OverflowError):
        pass
    raise failed(f"--at {at}: write a date and time such as 2026-12-24T18:00", USAGE)


def _from_node(context: typer.Context) -> list[AnyDocument]:
    """The node's documents of the kinds that matter here."""

    async def texts(node: AdminClient) -> dict[str, str]:
        listed = (await node.documents()).documents
        return {
            f"{one.kind}/{one.name}": (await node.document(one.kind, one.name)).text
            for one in listed
            if one.kind in READ
        }

    return _documents(access_of(context).ask(texts))


def _from_files(paths: list[Path]) -> list[AnyDocument]:
    texts: dict[str, str] = {}
    for path in paths:
        found = yaml_files(path) if path.is_dir() else [path]
        for file in found:
            parts = _parts(file)
            texts |= {k: v for k, v in parts.items() if not path.is_dir() or MARK in v}
    if not texts:
        raise failed("--files: no documents of a network are there", USAGE)
    return _documents(texts)


def _parts(file: Path) -> dict[str, str]:
    """The documents of a file, each under the file's name: `---` on a line parts them."""
    text, name = text_in(file)
    parts = [part for part in f"\n{text}".split("\n---\n") if part.strip()]
    if len(parts) == 1:
        return {name: text}
    return {f"{name}#{i}": part for i, part in enumerate(parts, 1)}


def _documents(texts: dict[str, str]) -> list[AnyDocument]:
    found: list[AnyDocument] = []
    for source, text in texts.items():
        try:
            found.append(load_document(text, source=source))
        except DocumentError as error:
            raise failed(shown(error, text), DOCUMENT_WRONG) from error
    return found
