"""`nrcli freeze` and the other emergency controls: shown before they begin, listed, ended.

Rule of this file: one request begins a control; before it the node says what it would do, and a
person says yes. What each command asks for stands here; what it does is the node's business.
"""

from collections.abc import Iterable
from typing import Annotated, Any

import typer
from rich.console import RenderableType
from rich.text import Text

from nrcli.commands.clock import time_told, unix_s
from nrcli.commands.exit_codes import REFUSED, USAGE
from nrcli.commands.node_access import NodeAccess, access_of, author_of, failed, put_json
from nrcli.commands.record_times import span_s
from nrcli.commands.tables import show, table
from nrcli.wire.control_models import Control, ControlEffect, Controls, ControlTarget, ControlWanted
from nrcli.wire.query_models import LIMIT_MAX

CONTROLS, PREVIEW = "/controls", "/controls/preview"

Reason = Annotated[str, typer.Option("-m", "--reason", help="Why, for all who will ask.")]
Author = Annotated[str, typer.Option(help="Who wants it; else the user here.")]
For = Annotated[str, typer.Option("--for", help="It ends by itself after this: 30m, 2h, 1d.")]
Yes = Annotated[bool, typer.Option("--yes", help="Begin without asking.")]
Look = Annotated[bool, typer.Option("--preview", help="Show what it would do, and no more.")]

app = typer.Typer(help="Emergency controls in force, and their end.")


@app.callback(invoke_without_command=True)
def controls(context: typer.Context) -> None:
    """List the emergency controls in force."""
    if context.invoked_subcommand is not None:
        return
    access = access_of(context)
    answer = access.ask(lambda node: node.read(Controls, CONTROLS, {"limit": str(LIMIT_MAX)}))
    put_json(answer) if access.as_json else show(*controls_parts(answer.controls))


@app.command()
def end(
    context: typer.Context,
    control: Annotated[str, typer.Argument(help="Id, or its beginning.")],
    reason: Reason = "",
    author: Author = "",
) -> None:
    """End a control before its time: everything is as before, at once."""
    access, who = access_of(context), author_of(author)
    _reason_given(reason)
    answer = access.ask(lambda node: node.read(Controls, CONTROLS, {"limit": str(LIMIT_MAX)}))
    meant = [one.id for one in answer.controls if control and one.id.startswith(control)]
    if len(meant) > 1 and control not in meant:
        raise failed(f"{control} is more than one control: {', '.join(meant[:5])}", USAGE)
    if not meant:
        raise failed(f"no control {control} is in force (`nrcli controls` lists them)", REFUSED)
    name = control if control in meant else meant[0]
    query = {"author": who, "reason": reason}
    path = f"{CONTROLS}/{name}"
    ended = access.ask(lambda node: node.send(Control, path, method="DELETE", query=query))
    put_json(ended) if access.as_json else show(Text(f"ended: {_named(ended)}"))


def freeze(
    context: typer.Context,
    *,
    site: Annotated[str, typer.Option(help="Only from and to this site.")] = "",
    service: Annotated[str, typer.Option(help="Only calls for this service.")] = "",
    path: Annotated[str, typer.Option(help="Only by this path.")] = "",
    reason: Reason = "",
    lasts: For = "",
    author: Author = "",
    yes: Yes = False,
    preview: Look = False,
) -> None:
    """Move no calls: of the whole network, or of one site, service or path.

    Every caller is served at their own site meanwhile; calls that are on their way arrive.
    """
    named = [(of, name) for of, name in (("site", site), ("service", service), ("path", path))]
    given = [one for one in named if one[1]]
    if len(given) > 1:
        raise failed("name one of --site, --service and --path, or none for all", USAGE)
    target = given[0] if given else ("all", "")
    wanted = wanted_of("freeze", target, reason=reason, author=author, lasts=lasts)
    begin(access_of(context), wanted, yes=yes, preview=preview)


# ---- for every kind ------------------------------------------------------------------------------


def wanted_of(
    kind: str,
    target: tuple[str, str],
    *,
    reason: str,
    author: str,
    lasts: str,
    parameters: dict[str, Any] | None = None,
) -> ControlWanted:
    """What a command line asks for; ends the program where that cannot be."""
    _reason_given(reason)
    of, name = target
    try:
        return ControlWanted.model_validate(
            {
                "kind": kind,
                "target": ControlTarget.model_validate({"of": of, "name": name}),
                "parameters": parameters or {},
                "for_s": seconds_of(lasts),
                "author": author_of(author),
                "reason": reason,
            }
        )
    except ValueError as error:
        first = getattr(error, "errors", list)()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise failed(f"{place}: {first['msg']}", USAGE) from error


def begin(access: NodeAccess, wanted: ControlWanted, *, yes: bool, preview: bool) -> None:
    """Show what it would do, ask, and begin it: only what was shown."""
    if access.as_json and not (yes or preview):
        raise failed("with --json say --yes, or --preview for the effect alone", USAGE)
    effect = access.ask(lambda node: node.send(ControlEffect, PREVIEW, wanted))
    if not access.as_json:
        show(*effect_parts(effect))
    elif preview:
        put_json(effect)
    if preview:
        return
    if not yes and not typer.confirm("begin it?", err=True):
        raise failed("nothing was begun", REFUSED)
    begun = access.ask(lambda node: node.send(Control, CONTROLS, wanted, etag=effect.etag))
    if access.as_json:
        put_json(begun)
    else:
        until = time_told(begun.ends_unix_s)
        show(Text(f"control {begun.id} is in force until {until} UTC"))
        show(Text(f"end it sooner with: nrcli controls end {begun.id} -m WHY"))


def effect_parts(effect: ControlEffect) -> list[RenderableType]:
    """What a control would do."""
    parts: list[RenderableType] = [Text(line) for line in effect.lines]
    if effect.changes:
        titles = ("site", "trunk group", "service", "a caller now", "then")
        rows = [
            (one.site, one.trunk_group, one.service, one.now, one.then) for one in effect.changes
        ]
        parts += ["", table(titles, rows)]
    return parts


def controls_parts(found: Iterable[Control]) -> list[RenderableType]:
    """Controls in force, a line each, oldest first."""
    now_s = unix_s()
    titles = ("control", "kind", "of", "until (UTC)", "left", "by", "why")
    rows = [
        (
            *(one.id, one.kind, one.target.told(), time_told(one.ends_unix_s)),
            *(_left(one.ends_unix_s - now_s), one.who, one.reason),
        )
        for one in found
    ]
    return [table(titles, rows)] if rows else ["no control is in force"]


def seconds_of(text: str, option: str = "--for") -> float | None:
    """A time such as 30m; None for an empty text. Ends the program where it is none."""
    if not text:
        return None
    found = span_s(text)
    if found is None:
        raise failed(f"{option}: {text[:40]!r} is no time: write 90s, 30m, 2h or 1d", USAGE)
    return float(found)


def _reason_given(reason: str) -> None:
    if len(reason.strip()) < 3:
        raise failed("say why: -m REASON, at least 3 characters", USAGE)


def _named(control: Control) -> str:
    return f"{control.kind} of {control.target.told()} (control {control.id})"


def _left(seconds: float) -> str:
    minutes = max(int(seconds), 0) // 60
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"
