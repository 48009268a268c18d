"""`nrcli policy list|show|history|publish|rollback|shadow|canary|promote|stop|schedule`.

Rule of this file: a file is checked here before a node is asked, so that a mistake is shown where
it stands; what may be done is decided by the node. Every change names its author and a reason.
"""

import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from nrcli.commands.exit_codes import REFUSED, USAGE
from nrcli.commands.node_access import access_of, author_of, failed, put_json
from nrcli.commands.policy_reading import one_policy
from nrcli.commands.policy_tables import (
    done_lines,
    history_parts,
    policies_parts,
    version_line,
)
from nrcli.commands.tables import show
from nrcli.policy_client import PolicyClient
from nrcli.wire import policy_models as models
from routing_policies.shapes import is_name

Policy = Annotated[str, typer.Argument(help="Name of the policy; `nrcli policy list` lists them.")]
FileOrName = Annotated[
    str, typer.Argument(help="A policy's file, or its name together with --version.")
]


def _said(reason: str) -> str:
    """A reason that says something."""
    if not reason.strip():
        raise typer.BadParameter("say why, for the history")
    return reason


Reason = Annotated[
    str, typer.Option("--reason", "-m", help="Why; kept in the history.", callback=_said)
]
Author = Annotated[
    str, typer.Option(envvar="NRCLI_AUTHOR", help="Who; you on this machine, unless named.")
]
IfVersion = Annotated[
    int | None,
    typer.Option(min=0, help="Only if this version is still live (0: none is); else exit code 4."),
]
Override = Annotated[
    str, typer.Option("--override-freeze", help="Why a change freeze does not count this once.")
]
VersionOption = Annotated[
    int | None, typer.Option("--version", min=1, help="A version that is kept, instead of a file.")
]


def list_policies(context: typer.Context) -> None:
    """List policies: which version is live, and what else is in use."""
    access = access_of(context)
    answer = access.ask(lambda node: PolicyClient(node).list_all())
    put_json(answer) if access.as_json else show(*policies_parts(answer.policies))


def show_policy(
    context: typer.Context,
    policy: Policy,
    version: Annotated[int, typer.Option(min=0, help="0: the one that is live.")] = 0,
) -> None:
    """Print one version as it was written; where it comes from goes to standard error."""
    access = access_of(context)
    found = access.ask(lambda node: PolicyClient(node).version(policy, version))
    if access.as_json:
        put_json(found)
        return
    sys.stderr.write(version_line(found) + "\n")
    sys.stdout.write(found.text)


def history(context: typer.Context, policy: Policy) -> None:
    """What happened to a policy, when, by whom and why; oldest first."""
    access = access_of(context)
    answer = access.ask(lambda node: PolicyClient(node).history(policy))
    if not answer.events:
        told = f"nothing is recorded of a policy {policy}: `nrcli policy list` shows what there is"
        raise failed(told, REFUSED)
    put_json(answer) if access.as_json else show(*history_parts(answer.events))


def publish(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="The policy's file; `-` for standard input.")],
    *,
    reason: Reason,
    author: Author = "",
    if_version: IfVersion = None,
    override_freeze: Override = "",
    only_check: Annotated[
        bool, typer.Option("--only-check", help="Let the node judge it, and change nothing.")
    ] = False,
) -> None:
    """Make a file the live version for every call.

    Refused, with nothing changed, when it is not valid, a case inside it fails, lint finds an
    error, it names what the network does not have, or a change freeze stands.
    """
    read = one_policy(file)
    act = models.PublishPolicy(
        author=author_of(author),
        reason=reason,
        if_version=if_version,
        override_freeze=override_freeze,
        text=read.source.text,
        only_check=only_check,
    )
    _do(context, lambda node: node.publish(read.document.name, act))


def rollback(
    context: typer.Context,
    policy: Policy,
    *,
    reason: Reason,
    to: Annotated[int, typer.Option(min=0, help="0: what was live before.")] = 0,
    author: Author = "",
    if_version: IfVersion = None,
) -> None:
    """Go back: a new version that equals an old one becomes live, and a canary ends.

    A change freeze does not keep from it.
    """
    act = models.RollbackPolicy(
        author=author_of(author), reason=reason, if_version=if_version, to_version=to
    )
    _do(context, lambda node: node.rollback(policy, act))


def shadow(
    context: typer.Context,
    policy: FileOrName,
    *,
    reason: Reason,
    version: VersionOption = None,
    author: Author = "",
    if_version: IfVersion = None,
) -> None:
    """Let a version decide beside the live one, without effect: differences are counted."""
    name, wanted = _wanted(policy, version)
    act = models.ShadowPolicy(
        author=author_of(author), reason=reason, if_version=if_version, **wanted
    )
    _do(context, lambda node: node.shadow(name, act))


def canary(
    context: typer.Context,
    policy: FileOrName,
    *,
    reason: Reason,
    version: VersionOption = None,
    site: Annotated[list[str] | None, typer.Option(help="Calls that came in here.")] = None,
    service: Annotated[list[str] | None, typer.Option(help="Calls for this service.")] = None,
    share: Annotated[
        float, typer.Option(help="Of those calls this share, such as 0.1; by interaction.")
    ] = 1.0,
    force: Annotated[
        str, typer.Option(help="Why a share is right although agents are shared.")
    ] = "",
    author: Author = "",
    if_version: IfVersion = None,
    override_freeze: Override = "",
) -> None:
    """Let a version decide for a part of the calls. What is named must all hold."""
    name, wanted = _wanted(policy, version)
    if not 0.0 < share <= 1.0:
        raise failed(f"--share {share:g}: write a number above 0, at most 1", USAGE)
    act = models.CanaryPolicy(
        author=author_of(author),
        reason=reason,
        if_version=if_version,
        override_freeze=override_freeze,
        sites=_names("--site", site),
        services=_names("--service", service),
        share=share,
        force=force,
        **wanted,
    )
    _do(context, lambda node: node.canary(name, act))


def promote(
    context: typer.Context,
    policy: Policy,
    *,
    reason: Reason,
    version: Annotated[int, typer.Option(min=0, help="0: the canary, else the shadow.")] = 0,
    author: Author = "",
    if_version: IfVersion = None,
    override_freeze: Override = "",
) -> None:
    """Make the canary, the shadow or a kept version live for every call."""
    act = models.PromotePolicy(
        author=author_of(author),
        reason=reason,
        if_version=if_version,
        override_freeze=override_freeze,
        version=version,
    )
    _do(context, lambda node: node.promote(policy, act))


def stop(
    context: typer.Context,
    policy: Policy,
    *,
    reason: Reason,
    shadow: Annotated[bool, typer.Option("--shadow", help="The shadow.")] = False,
    canary: Annotated[bool, typer.Option("--canary", help="The canary.")] = False,
    schedule: Annotated[bool, typer.Option("--schedule", help="Activations to come.")] = False,
    author: Author = "",
) -> None:
    """End a shadow, a canary or scheduled activations; the live version stays."""
    if not (shadow or canary or schedule):
        raise failed("name what to stop: --shadow, --canary or --schedule", USAGE)
    act = models.StopPolicy(
        author=author_of(author), reason=reason, shadow=shadow, canary=canary, schedule=schedule
    )
    _do(context, lambda node: node.stop(policy, act))


def schedule(
    context: typer.Context,
    policy: FileOrName,
    *,
    reason: Reason,
    at: Annotated[str, typer.Option(help="When, such as 2026-12-24T18:00.")],
    time_zone: Annotated[str, typer.Option(help="Time zone of --at.")] = "UTC",
    version: VersionOption = None,
    author: Author = "",
    if_version: IfVersion = None,
    override_freeze: Override = "",
) -> None:
    """Let a version become live at a time; the leading node carries it out, once."""
    name, wanted = _wanted(policy, version)
    act = models.SchedulePolicy(
        author=author_of(author),
        reason=reason,
        if_version=if_version,
        override_freeze=override_freeze,
        at_unix_s=_moment(at, time_zone),
        **wanted,
    )
    _do(context, lambda node: node.schedule(name, act))


def _do(
    context: typer.Context, act: Callable[[PolicyClient], Awaitable[models.PolicyDone]]
) -> None:
    access = access_of(context)
    done = access.ask(lambda node: act(PolicyClient(node)))
    if access.as_json:
        put_json(done)
        return
    for line in done_lines(done):
        show(line.replace("[", r"\["))


def _wanted(policy: str, version: int | None) -> tuple[str, dict[str, Any]]:
    """The policy's name, and the version or text that is meant."""
    if version is not None:
        if not is_name(policy):
            raise failed(f"{policy!r} is no policy's name: --version goes with a name", USAGE)
        return policy, {"version": version}
    if is_name(policy) and not Path(policy).exists():
        raise failed(f"there is no file {policy}: for a version kept of it add --version", USAGE)
    read = one_policy(Path(policy))
    return read.document.name, {"text": read.source.text}


def _names(option: str, names: list[str] | None) -> tuple[str, ...]:
    for name in names or ():
        if not is_name(name):
            raise failed(f"{option} {name}: this is no name", USAGE)
    return tuple(names or ())


def _moment(at: str, time_zone: str) -> float:
    try:
        moment = datetime.fromisoformat(at)
        zone = UTC if time_zone == "UTC" else ZoneInfo(time_zone)
    except (ValueError, KeyError, OSError) as error:
        raise failed(
            f"--at {at} --time-zone {time_zone}: write a time such as 2026-12-24T18:00 and a zone "
            "such as Europe/Lisbon",
            USAGE,
        ) from error
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).timestamp()
