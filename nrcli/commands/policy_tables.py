"""Shows policies, their history and what became of an act, for people.

Rule of this file: answers in, lines out.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from rich.console import RenderableType

from nrcli.commands.tables import table
from nrcli.wire.policy_models import PolicyDone, PolicyEvent, PolicyStatus, PolicyVersion


def time_told(unix_s: float) -> str:
    """A wall time, in UTC and to the second."""
    return datetime.fromtimestamp(unix_s, UTC).strftime("%Y-%m-%d %H:%M:%S")


def policies_parts(policies: Sequence[PolicyStatus]) -> list[RenderableType]:
    """Policies, one line each."""
    rows = [
        (
            *(one.policy, one.live or "removed", one.in_use_here, one.newest, one.shadow),
            *(_canary(one), _scheduled(one)),
        )
        for one in policies
    ]
    titles = ("policy", "live", "here", "newest", "shadow", "canary", "scheduled (UTC)")
    empty = "there are no policies: the built-in one decides"
    return [table(titles, rows)] if rows else [empty]


def history_parts(events: Sequence[PolicyEvent]) -> list[RenderableType]:
    """What happened, oldest first."""
    rows = [
        (time_told(one.at_unix_s), one.act, one.version, one.live, one.author, one.reason, one.told)
        for one in events
    ]
    titles = ("when (UTC)", "act", "version", "live", "by", "reason", "what")
    return [table(titles, rows)] if rows else ["nothing has happened to it"]


def version_line(one: PolicyVersion) -> str:
    """Where a version comes from."""
    same = f", equal to version {one.equals}" if one.equals else ""
    when = time_told(one.published_at_unix_s)
    reason = f": {one.reason}" if one.reason else ""
    whence = f"{one.action} by {one.author} at {when} UTC"
    return f"{one.policy} version {one.version}{same}, {whence}{reason}"


def done_lines(done: PolicyDone) -> list[str]:
    """What became of an act."""
    lines = [f"{done.policy}: {told}" for told in done.told]
    if not done.changed:
        live = f"version {done.live} is live" if done.live else "no version is live"
        lines.append(f"{done.policy}: nothing changed, {live}")
    return [*lines, *(f"warning: {warning}" for warning in done.warnings)]


def _canary(one: PolicyStatus) -> str:
    return f"{one.canary.version} for {one.canary.told}" if one.canary else ""


def _scheduled(one: PolicyStatus) -> str:
    return ", ".join(f"{each.version} at {time_told(each.at_unix_s)}" for each in one.scheduled)
