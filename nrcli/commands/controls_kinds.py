"""The emergency controls besides `freeze`, a command for each kind.

Rule of this file: each command turns its words into what is wanted; the rest stands in `controls`.
"""

from typing import Annotated

import typer

from nrcli.commands.controls import Author, For, Look, Reason, Yes, begin, wanted_of
from nrcli.commands.exit_codes import USAGE
from nrcli.commands.node_access import access_of, failed

Service = Annotated[str, typer.Argument(help="A NetworkService.")]

path = typer.Typer(no_args_is_help=True, help="One path.")
holiday = typer.Typer(no_args_is_help=True, help="A holiday that no calendar has.")
plan = typer.Typer(no_args_is_help=True, help="A prepared Plan.")


@path.command("off")
def path_off(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="A Path.")],
    *,
    reason: Reason = "",
    lasts: For = "",
    author: Author = "",
    yes: Yes = False,
    preview: Look = False,
) -> None:
    """Move no call by this path; others are used where there are some."""
    target = ("path", name)
    wanted = wanted_of("path_off", target, reason=reason, author=author, lasts=lasts)
    begin(access_of(context), wanted, yes=yes, preview=preview)


def close(
    context: typer.Context,
    service: Service,
    *,
    reason: Reason = "",
    lasts: For = "",
    author: Author = "",
    yes: Yes = False,
    preview: Look = False,
) -> None:
    """Close a service at every site, as if out of hours: callers get its closed answer."""
    target = ("service", service)
    wanted = wanted_of("close", target, reason=reason, author=author, lasts=lasts)
    begin(access_of(context), wanted, yes=yes, preview=preview)


@holiday.command("today")
def holiday_today(
    context: typer.Context,
    calendar: Annotated[str, typer.Argument(help="Only this Calendar; all.")] = "",
    *,
    service: Annotated[str, typer.Option(help="Only the calendars of this service.")] = "",
    reason: Reason = "",
    author: Author = "",
    yes: Yes = False,
    preview: Look = False,
) -> None:
    """Closed all day today, by the time zone of each calendar; ends at midnight there."""
    target = _one_of(("calendar", calendar), ("service", service))
    wanted = wanted_of("holiday", target, reason=reason, author=author, lasts="")
    begin(access_of(context), wanted, yes=yes, preview=preview)


def announce(
    context: typer.Context,
    announcement: Annotated[str, typer.Argument(help="As the sites' files name it.")],
    *,
    site: Annotated[str, typer.Option(help="Only callers of this site.")] = "",
    service: Annotated[str, typer.Option(help="Only callers for this service.")] = "",
    reason: Reason = "",
    lasts: For = "",
    author: Author = "",
    yes: Yes = False,
    preview: Look = False,
) -> None:
    """Let callers who stay hear an announcement once, where their telephone system can."""
    wanted = wanted_of(
        "announce",
        _one_of(("site", site), ("service", service)),
        reason=reason,
        author=author,
        lasts=lasts,
        parameters={"announcement": announcement},
    )
    begin(access_of(context), wanted, yes=yes, preview=preview)


def flush(
    context: typer.Context,
    service: Service,
    *,
    reason: Reason = "",
    lasts: For = "",
    author: Author = "",
    yes: Yes = False,
    preview: Look = False,
) -> None:
    """Let a service's callers leave the network queue: they wait on at their own site."""
    target = ("service", service)
    wanted = wanted_of("flush", target, reason=reason, author=author, lasts=lasts)
    begin(access_of(context), wanted, yes=yes, preview=preview)


@plan.command()
def activate(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="A Plan document.")],
    *,
    reason: Reason = "",
    lasts: For = "",
    author: Author = "",
    yes: Yes = False,
    preview: Look = False,
) -> None:
    """Let a Plan hold: its policies, closed sites and paths; ends by itself when it says."""
    wanted = wanted_of("plan", ("plan", name), reason=reason, author=author, lasts=lasts)
    begin(access_of(context), wanted, yes=yes, preview=preview)


def _one_of(*named: tuple[str, str]) -> tuple[str, str]:
    """The one target that was named; `all` where none was."""
    given = [one for one in named if one[1]]
    if len(given) > 1:
        options = " and ".join(of for of, _ in named)
        raise failed(f"name one of {options}, or none for all", USAGE)
    return given[0] if given else ("all", "")
