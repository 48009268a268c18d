"""`nrcli`: ask a node what is going on, and change the documents of the network.

Rule of this file: each command asks one question and shows the answer; `--json` is for programs.
"""

import os
import sys
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated

import typer

from nrcli import __version__
from nrcli.commands import (
    alarms,
    cdr,
    controls,
    controls_kinds,
    documents,
    number,
    policy,
    pool,
    report,
)
from nrcli.commands.acts import audit, drain, undrain
from nrcli.commands.completion import completion_of
from nrcli.commands.doctor import doctor
from nrcli.commands.exit_codes import HELP, NO_LEADER, REFUSED, USAGE
from nrcli.commands.explaining import CALL_HELP, explain_call
from nrcli.commands.export import export
from nrcli.commands.node_access import NodeAccess, access_of, put_json
from nrcli.commands.paths import paths, probe
from nrcli.commands.queue import queue
from nrcli.commands.replay import replay
from nrcli.commands.route import route
from nrcli.commands.schema import schema
from nrcli.commands.shift import drain_site, shift, shifts
from nrcli.commands.signing import keys, peer_plan, sign, verify
from nrcli.commands.tables import (
    alarms_parts,
    calls_parts,
    decisions_parts,
    show,
    site_parts,
    sites_parts,
    status_parts,
)
from nrcli.commands.top import top
from nrcli.commands.trace import trace
from nrcli.commands.word_order import misplaced

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Ask a NIRC node what is going on, and change the documents of the network.",
    epilog=HELP,
)
app.add_typer(alarms.app, name="alarms")
app.add_typer(cdr.app, name="cdr")
app.add_typer(controls.app, name="controls")
app.add_typer(controls_kinds.holiday, name="holiday")
app.add_typer(controls_kinds.path, name="path")
app.add_typer(controls_kinds.plan, name="plan")
app.add_typer(documents.app, name="documents")
app.add_typer(number.app, name="number")
app.add_typer(policy.app, name="policy")
app.add_typer(pool.app, name="pool")
app.add_typer(report.app, name="report")
app.command()(audit)
app.command("completion")(completion_of(app))
app.command()(doctor)
app.command()(drain)
app.command()(undrain)
app.command()(export)
app.command()(controls.freeze)
app.command()(controls_kinds.announce)
app.command()(controls_kinds.close)
app.command()(controls_kinds.flush)
app.command()(keys)
app.command("peer-plan")(peer_plan)
app.command()(paths)
app.command()(probe)
app.command()(queue)
app.command()(replay)
app.command()(route)
app.command()(schema)
app.command()(shift)
app.command()(shifts)
app.command("drain-site")(drain_site)
app.command()(sign)
app.command()(trace)
app.command()(top)
app.command()(verify)


def _version(asked: bool) -> None:
    if asked:
        show(f"nrcli {__version__}")
        raise typer.Exit


@app.callback()
def options(
    context: typer.Context,
    url: Annotated[
        str, typer.Option(envvar="NRCLI_URL", help="The node's HTTP API.")
    ] = "http://127.0.0.1:8001",
    token_file: Annotated[
        Path | None,
        typer.Option(envvar="NRCLI_TOKEN_FILE", help="File with the node's bearer token."),
    ] = None,
    ca: Annotated[
        Path | None,
        typer.Option(envvar="NRCLI_CA", help="Certificates (PEM) to trust for https."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON for programs.")] = False,
    _asked: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Options that every command takes."""
    context.obj = NodeAccess(url=url, token_file=token_file, ca=ca, as_json=as_json)


@app.command()
def status(context: typer.Context) -> None:
    """The node at a glance: leader, links, stores, alarms. Ends with 6 when nobody leads."""
    access = access_of(context)
    answer = access.ask(lambda node: node.status())
    if access.as_json:
        put_json(answer)
    else:
        show(*status_parts(answer))
        if answer.alarms_count:
            show("", *alarms_parts(access.ask(lambda node: node.alarms()).alarms))
    if not all(domain.leader for domain in answer.domains):
        raise typer.Exit(NO_LEADER)


@app.command()
def sites(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="One site, with its queues and agents.")] = "",
) -> None:
    """The sites, or one of them, as the node believes them to be."""
    access = access_of(context)
    if name:
        one = access.ask(lambda node: node.site(name))
        put_json(one) if access.as_json else show(*site_parts(one))
        return
    answer = access.ask(lambda node: node.sites())
    put_json(answer) if access.as_json else show(*sites_parts(answer.sites))


@app.command()
def calls(context: typer.Context) -> None:
    """Calls that are on the move now (the leading node knows them)."""
    access = access_of(context)
    answer = access.ask(lambda node: node.calls())
    put_json(answer) if access.as_json else show(*calls_parts(answer.calls))


@app.command()
def decisions(
    context: typer.Context,
    call: Annotated[str, typer.Argument(help="Interaction, request or decision; all.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Most to show.")] = 50,
) -> None:
    """The newest decisions, or those about one call."""
    access = access_of(context)
    answer = access.ask(lambda node: node.decisions(call, limit))
    put_json(answer) if access.as_json else show(*decisions_parts(answer.decisions))


@app.command()
def explain(context: typer.Context, call: Annotated[str, typer.Argument(help=CALL_HELP)]) -> None:
    """Say in plain words why a call went where it did."""
    explain_call(context, call)


def main() -> None:
    """The console script. An output that cannot be written is told like any other mistake."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        try:
            app()
        except SystemExit as ended:
            if ended.code == USAGE:
                sys.stderr.write(misplaced(sys.argv[1:]))
            raise
        finally:
            if sys.stdout is not None:
                sys.stdout.flush()
    except OSError as error:
        if not isinstance(error, BrokenPipeError):
            sys.stderr.write(f"nrcli: the output cannot be written: {error.strerror}\n")
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.exit(REFUSED)
