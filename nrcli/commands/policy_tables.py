"""Shows policies, their history and what became of an act, for people.

Rule of this file: answers in, lines out.
"""

from collections.abc import Sequence

from rich.console import RenderableType

from nrcli.commands.clock import time_told
from nrcli.commands.tables import table
from nrcli.wire.policy_models import PolicyDone, PolicyEvent, PolicyStatus, PolicyVersion


def policies_parts(policies: Sequence[PolicyStatus]) -> list[RenderableType]:
    """Policies, one line each, then what is tried out and what is to come."""
    if not policies:
        return ["there are no policies: the built-in one decides"]
    rows = [
        (one.policy, one.live or "removed", one.in_use_here or "", one.newest, one.shadow or "")
        for one in policies
    ]
    more = [line for one in policies for line in _tried_and_to_come(one)]
    titles = ("policy", "live", "used here", "newest", "shadow")
    return [table(titles, rows), *([""] if more else []), *more]


def history_parts(events: Sequence[PolicyEvent]) -> list[RenderableType]:
    """What happened, a line each, oldest first."""
    return [_event_line(one).replace("[", r"\[") for one in events]


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


def _event_line(one: PolicyEvent) -> str:
    reason = f": {one.reason}" if one.reason else ""
    return f"{time_told(one.at_unix_s)} UTC  {one.told}, by {one.author}{reason}"


def _differs(one: PolicyStatus) -> str:
    """How often the shadow would have done something else."""
    count = one.shadow_same_count + one.shadow_differs_count
    if not count:
        return "compared with nothing by this node yet (the leading node compares)"
    return f"differs from the live version in {one.shadow_differs_count} of {count} decisions"


def _tried_and_to_come(one: PolicyStatus) -> list[str]:
    lines = []
    if one.shadow:
        lines.append(f"{one.policy}: shadow, version {one.shadow}, {_differs(one)}")
    if one.canary is not None:
        lines.append(f"{one.policy}: canary, version {one.canary.version} for {one.canary.told}")
    for each in one.scheduled:
        when = time_told(each.at_unix_s)
        lines.append(f"{one.policy}: version {each.version} is to become live at {when} UTC")
    return lines
