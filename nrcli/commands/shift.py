"""`nrcli shift` and `nrcli drain-site`: callers of one site are served at another for a while.

Rule of this file: a shift is an emergency control; how one is shown, begun and ended stands in
`controls`. Whether those who get the calls can carry them is the node's business.
"""

from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich.console import RenderableType

from nrcli.commands.controls import (
    Author,
    For,
    Look,
    Reason,
    Yes,
    begin,
    seconds_of,
    wanted_of,
)
from nrcli.commands.exit_codes import USAGE
from nrcli.commands.node_access import access_of, failed, put_json
from nrcli.commands.tables import show, table
from nrcli.wire.query_models import LIMIT_MAX
from nrcli.wire.shift_models import ShiftParameters, Shifts, ShiftState, grow

Steps = Annotated[
    str, typer.Option(metavar="PERCENTS", help="Percent of the callers, growing: 10,25,50,100.")
]
StepEvery = Annotated[str, typer.Option(help="How long each step but the last lasts.")]
Floor = Annotated[
    int,
    typer.Option(
        min=0,
        max=100,
        help="Percent of callers answered in time: given up below it; 0: never.",
    ),
]
Window = Annotated[str, typer.Option(help="The newest callers that are looked at for that.")]
After = Annotated[str, typer.Option(help="It is given up when they were too few for so long.")]
Callers = Annotated[int, typer.Option(min=1, max=10_000, help="Fewer callers say nothing of it.")]
Force = Annotated[bool, typer.Option("--force", help="Though those who get them cannot carry it.")]
Service = Annotated[str, typer.Option(help="Only callers for this service.")]
Queue = Annotated[str, typer.Option(help="Only callers who enter this queue of the site.")]


def shift(
    context: typer.Context,
    from_site: Annotated[str, typer.Argument(help="Whose callers.")],
    to_site: Annotated[str, typer.Argument(help="Where they go.")],
    *,
    service: Service = "",
    queue: Queue = "",
    steps: Steps = "100",
    step_every: StepEvery = "5m",
    floor: Floor = 70,
    window: Window = "5m",
    after: After = "30s",
    callers: Callers = 10,
    force: Force = False,
    reason: Reason = "",
    lasts: For = "",
    author: Author = "",
    yes: Yes = False,
    preview: Look = False,
) -> None:
    """Let callers of one site be served at another, at once or step by step.

    Shown first: what becomes of waits at both. Refused where the other site cannot carry it. Given
    up by itself when its callers are answered too late. `nrcli controls` lists and ends it.
    """
    parameters = _parameters(
        to_site=to_site,
        service=service,
        queue=queue,
        steps=_steps(steps),
        step_s=_seconds("--step-every", step_every),
        floor=floor / 100,
        window_s=_seconds("--window", window),
        after_s=_seconds("--after", after),
        calls_min=callers,
        force=force,
    )
    target = ("site", from_site)
    wanted = wanted_of(
        "shift", target, reason=reason, author=author, lasts=lasts, parameters=parameters
    )
    begin(access_of(context), wanted, yes=yes, preview=preview)


def drain_site(
    context: typer.Context,
    site: Annotated[str, typer.Argument(help="Whose callers all go elsewhere.")],
    *,
    steps: Steps = "100",
    step_every: StepEvery = "5m",
    floor: Floor = 70,
    window: Window = "5m",
    after: After = "30s",
    callers: Callers = 10,
    force: Force = False,
    reason: Reason = "",
    lasts: For = "",
    author: Author = "",
    yes: Yes = False,
    preview: Look = False,
) -> None:
    """Let all callers of a site be served elsewhere, and none of other sites go there."""
    parameters = _parameters(
        steps=_steps(steps),
        step_s=_seconds("--step-every", step_every),
        floor=floor / 100,
        window_s=_seconds("--window", window),
        after_s=_seconds("--after", after),
        calls_min=callers,
        force=force,
    )
    target = ("site", site)
    wanted = wanted_of(
        "drain_site", target, reason=reason, author=author, lasts=lasts, parameters=parameters
    )
    begin(access_of(context), wanted, yes=yes, preview=preview)


def shifts(context: typer.Context) -> None:
    """How traffic shifts go: the share of callers now, and how many are answered in time."""
    access = access_of(context)
    answer = access.ask(lambda node: node.read(Shifts, "/shifts", {"limit": str(LIMIT_MAX)}))
    put_json(answer) if access.as_json else show(*shifts_parts(answer.shifts))


def shifts_parts(found: Sequence[ShiftState]) -> list[RenderableType]:
    """A line each."""
    titles = (
        *("control", "from", "to", "service", "queue", "share", "next step s"),
        *("in time", "least", "held back", "given up"),
    )
    rows = [
        (
            *(one.id, one.from_site, one.to_site or "elsewhere", one.service, one.queue),
            *(f"{one.share:.0%}", one.next_step_s),
            "" if one.service_level is None else f"{one.service_level:.0%}",
            *(f"{one.floor:.0%}", one.ordered, one.given_up),
        )
        for one in found
    ]
    return [table(titles, rows)] if rows else ["no traffic is shifted"]


def _parameters(**given: Any) -> dict[str, Any]:
    try:
        return {"shift": ShiftParameters(**given)}
    except ValueError as error:
        first = getattr(error, "errors", list)()[0]
        place = ".".join(str(part) for part in first["loc"]) or "--steps"
        raise failed(f"{place}: {first['msg']}", USAGE) from error


def _steps(text: str) -> tuple[int, ...]:
    parts = [part.strip().removesuffix("%") for part in text.split(",")]
    if not all(part.isascii() and part.isdecimal() for part in parts):
        raise failed(f"--steps: {text[:40]!r}: write percents such as 10,25,50,100", USAGE)
    steps = tuple(int(part) for part in parts)
    if not grow(steps):
        raise failed(f"--steps: {text[:40]!r}: each must be larger than the one before", USAGE)
    return steps


def _seconds(option: str, text: str) -> float:
    found = seconds_of(text, option)
    if found is None:
        raise failed(f"{option}: write a time such as 90s, 30m or 2h", USAGE)
    return found
