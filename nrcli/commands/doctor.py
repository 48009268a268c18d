"""`nrcli doctor`: asks every node it is told of what is wrong, and says the remedy.

Rule of this file: it asks and shows; what the answers mean is decided in `diagnosis`. A node that
does not answer is a finding, not an error.
"""

import asyncio
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated

import typer

from nrcli.admin_client import AdminClient
from nrcli.commands.clock import unix_s
from nrcli.commands.diagnosis import Finding, NodeSays, diagnose
from nrcli.commands.exit_codes import UNHEALTHY, USAGE
from nrcli.commands.node_access import NodeAccess, access_of, failed
from nrcli.commands.tables import show
from nrcli.commands.told_plans import serial_in
from nrcli.errors import AdminError, NrcliError

SITES_MAX = 500
"More sites are not asked for their agents."
ALSO_HELP = "Another node: its URL and its token file. As often as there are nodes."


def doctor(
    context: typer.Context,
    also: Annotated[
        list[str] | None, typer.Option("--also", metavar="URL=TOKEN_FILE", help=ALSO_HELP)
    ] = None,
) -> None:
    """Say what is wrong with the network, and what to do. Ends with 7 when something is."""
    access = access_of(context)
    nodes = [access, *(another(access, one) for one in also or ())]
    try:
        said = asyncio.run(_ask_all(nodes))
    except NrcliError as error:
        raise failed(str(error), USAGE) from error
    findings = diagnose(said)
    if access.as_json:
        rows = [asdict(one) for one in findings]
        sys.stdout.write(json.dumps({"healthy": _healthy(findings), "findings": rows}) + "\n")
    else:
        show(*_parts(said, findings))
    if not _healthy(findings):
        raise typer.Exit(UNHEALTHY)


def another(access: NodeAccess, given: str) -> NodeAccess:
    """A further node, as `--also` names it."""
    url, equals, token_file = given.partition("=")
    if not equals or not url or not token_file:
        raise failed(f"--also {given}: write URL=TOKEN_FILE", USAGE)
    return replace(access, url=url, token_file=Path(token_file))


def _healthy(findings: Sequence[Finding]) -> bool:
    return not any(one.wrong for one in findings)


def _parts(said: Sequence[NodeSays], findings: Sequence[Finding]) -> list[str]:
    asked = ", ".join(node.name for node in said)
    if not findings:
        return [f"all is well, by the word of {asked}"]
    rows = [f"asked: {asked}"]
    for one in findings:
        rows += [
            f"{'WRONG' if one.wrong else 'look'}  {one.place}: {one.what}",
            f"       {one.remedy}",
        ]
    return rows


async def _ask_all(nodes: Sequence[NodeAccess]) -> list[NodeSays]:
    return list(await asyncio.gather(*(_ask(node) for node in nodes)))


async def _plan_serial(node: AdminClient) -> int | None:
    """None where the node cannot say: its documents are out of reach."""
    try:
        named = [one for one in (await node.documents()).documents if one.kind == "PeerPlan"]
        texts = [(await node.document(one.kind, one.name)).text for one in named]
    except AdminError:
        return None
    return max((serial_in(text) for text in texts), default=0)


async def _ask(access: NodeAccess) -> NodeSays:
    async with AdminClient(access.url, access.token(), access.ca) as node:
        try:
            began_unix_s = unix_s()
            theirs_unix_s = await node.clock_unix_s()
            ours_unix_s = (began_unix_s + unix_s()) / 2
            status = await node.status()
            names = [site.site for site in (await node.sites()).sites][:SITES_MAX]
            return NodeSays(
                url=access.url,
                status=status,
                sites=tuple([await node.site(name) for name in names]),
                calls=(await node.calls()).calls,
                alarms=(await node.alarms()).alarms,
                plan_serial=await _plan_serial(node),
                clock_ahead_s=theirs_unix_s - ours_unix_s if theirs_unix_s else None,
            )
        except AdminError as error:
            return NodeSays(url=access.url, problem=str(error))
