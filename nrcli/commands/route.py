"""`nrcli route --dry-run`: what would be decided about a call now.

Rule of this file: it asks and shows. Calls are moved by sites alone, so there is no route without
`--dry-run`.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from nrcli.commands.exit_codes import USAGE
from nrcli.commands.explaining import told
from nrcli.commands.node_access import access_of, failed, put_json
from nrcli.commands.policy_reading import one_policy
from nrcli.commands.tables import show
from nrcli.policy_client import PolicyClient
from nrcli.wire.api_models import DomainLeader
from nrcli.wire.policy_models import DryRun


def route(  # noqa: PLR0917 - typer makes options of them all
    context: typer.Context,
    origin: Annotated[str, typer.Option(help="Site where the caller is.")],
    service: Annotated[str, typer.Option(help="Service that the caller wants.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Decide and reserve nothing; must be given.")
    ] = False,
    queue: Annotated[str, typer.Option(help="The caller's own queue, if not the service's.")] = "",
    trunk_group: Annotated[
        str, typer.Option(help="Where the call came in; paths begin there.")
    ] = "",
    ani: Annotated[str, typer.Option(help="The caller's number.")] = "",
    dialed: Annotated[str, typer.Option(help="The number that was dialed.")] = "",
    waited: Annotated[float, typer.Option(min=0, max=86_400, help="Seconds waited.")] = 0.0,
    answered: Annotated[bool, typer.Option("--answered", help="The caller was answered.")] = False,
    verified: Annotated[
        bool, typer.Option("--verified", help="The caller's number is vouched for.")
    ] = False,
    policy: Annotated[
        Path | None, typer.Option(help="A policy's file to decide by, instead of the live one.")
    ] = None,
) -> None:
    """Say where a call would go now, by the live policy or by a file, and why. Moves nothing."""
    if not dry_run:
        raise failed("add --dry-run: calls are moved by their sites alone", USAGE)
    read = one_policy(policy) if policy is not None else None
    wanted = DryRun(
        origin=origin,
        service=service,
        queue=queue,
        trunk_group=trunk_group,
        ani=ani,
        dialed_number=dialed,
        waited_s=waited,
        answered=answered,
        verified=verified,
        policy=read.source.text if read else None,
    )
    access = access_of(context)
    decision = access.ask(lambda node: PolicyClient(node).dry_run(wanted))
    if access.as_json:
        put_json(decision)
        return
    show(told(decision))
    status = access.ask(lambda node: node.status())
    leaders = [one for one in status.domains if one.domain == decision.domain]
    for note in notes(wanted, status.node, leaders):
        sys.stderr.write(f"note: {note}\n")


def notes(wanted: DryRun, node: str, leaders: Sequence[DomainLeader]) -> list[str]:
    """Why the answer may not be what a call would get."""
    found = []
    if not any(one.leads_here for one in leaders):
        leader = next((one.leader for one in leaders if one.leader), "")
        ask = f"ask {leader}, which leads" if leader else "nobody leads now: `nrcli status`"
        found.append(f"{node} does not lead, so it may use no site ({ask})")
    if not wanted.trunk_group:
        told_as = "without --trunk-group no path is known, so nothing can be moved"
        found.append(f"{told_as} (`nrcli documents list` lists the paths)")
    return found
