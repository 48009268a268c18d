"""`nrcli drain`, `undrain`, `audit`: what an operator does to a node, and what was done.

Rule of this file: each act is one request that says who and why; the node writes it down.
"""

from typing import Annotated

import typer
from rich.console import RenderableType

from nrcli.commands.clock import time_told
from nrcli.commands.node_access import access_of, author_of, put_json
from nrcli.commands.tables import show, table
from nrcli.wire.resource_models import Audit, AuditRecord

DRAINS = (
    "the node drains until `nrcli undrain` or its next start; "
    "ask another (`nrcli status`) whether one leads"
)
WORKS = "the node takes work again, and may be elected"
OWN_ONLY = "acts of this node alone: Redis is away, or not configured"

Why = Annotated[str, typer.Option("-m", "--reason", help="Why, for the audit.")]
Who = Annotated[str, typer.Option("--author", help="Who wants it; else the user here.")]


def drain(context: typer.Context, reason: Why = "", author: Who = "") -> None:
    """Let the node hand over leadership and take no more work; its links stay."""
    _drain(context, draining=True, reason=reason, author=author)


def undrain(context: typer.Context, reason: Why = "", author: Who = "") -> None:
    """Let a drained node take work again."""
    _drain(context, draining=False, reason=reason, author=author)


def _drain(context: typer.Context, *, draining: bool, reason: str, author: str) -> None:
    access, who = access_of(context), author_of(author)
    answer = access.ask(lambda node: node.drain(draining, author=who, reason=reason))
    put_json(answer) if access.as_json else show(DRAINS if draining else WORKS)


def audit(
    context: typer.Context,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Most to show.")] = 50,
) -> None:
    """What operators and programs did by the API: who, what, when, why, and what came of it."""
    access = access_of(context)
    answer = access.ask(lambda node: node.read(Audit, "/audit", {"limit": str(limit)}))
    put_json(answer) if access.as_json else show(*audit_parts(answer))


def audit_parts(answer: Audit) -> list[RenderableType]:
    """Acts, a line each, newest last."""
    titles = ("at (UTC)", "node", "act", "of", "by", "from", "why", "came to")
    parts: list[RenderableType] = ["nothing was done"]
    if answer.acts:
        parts = [table(titles, [_act(one) for one in answer.acts])]
    return parts if answer.all_nodes else [*parts, OWN_ONLY]


def _act(one: AuditRecord) -> tuple[str, ...]:
    came_to = f"{one.status} {one.problem}".rstrip()
    path = one.path.removeprefix("/api/v1")
    return (
        *(time_told(one.at_unix_s), one.node, one.act, path),
        *(one.author or "-", one.remote, one.reason or "-", came_to),
    )
