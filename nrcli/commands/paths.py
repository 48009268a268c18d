"""`nrcli paths` and `nrcli probe PATH`: how the paths stand, and a real test call over one.

Rule of this file: the leader tries; what is said here of it was read from that node.
"""

import asyncio
import time
from functools import partial
from typing import Annotated

import typer
from rich.table import Table

from nrcli.admin_client import AdminClient
from nrcli.commands.exit_codes import REFUSED, USAGE
from nrcli.commands.node_access import access_of, failed, put_json
from nrcli.commands.tables import show, table
from nrcli.wire.path_models import (
    Paths,
    PathStatus,
    ProbeBegun,
    ProbeStatus,
    ProbeWanted,
    TargetStatus,
    ThroughStatus,
    WayStatus,
)

LOOK_EVERY_S = 0.25
THROUGH = ("redirect_302", "refer")
HOUR_S, DAY_S = 3600.0, 86_400.0


def paths(context: typer.Context) -> None:
    """The paths: what proves each of them, how fast they are, and which are used."""
    access = access_of(context)
    found = access.ask(_paths)
    put_json(found) if access.as_json else show(paths_table(found.paths))


def probe(
    context: typer.Context,
    path: Annotated[str, typer.Argument(help="A path's name; `nrcli paths` lists them.")],
    *,
    to: Annotated[
        str, typer.Option(metavar="SITE", help="For a path to all sites: which one.")
    ] = "",
    through_carrier: Annotated[
        bool,
        typer.Option(
            "--through-carrier",
            help="Out to the trunk group's `test_number`, back in, and moved as callers are.",
        ),
    ] = False,
    method: Annotated[
        str, typer.Option(help="With --through-carrier: redirect_302 or refer alone.")
    ] = "",
    wait: Annotated[
        float, typer.Option(min=1, max=300, help="How long to wait for the outcome, seconds.")
    ] = 150.0,
) -> None:
    """Place a real test call over a path, from its trunk group to its target. Nobody is rung.

    Ends with 1 if it did not go through. It costs what a call costs. --through-carrier tries each
    method that the carrier must follow, one after the other.
    """
    access = access_of(context)
    if method and method not in THROUGH:
        raise failed(f"--method {method}: expected redirect_302 or refer", USAGE)
    methods: tuple[str, ...] = ("",)
    if through_carrier or method:
        methods = (method,) if method else access.ask(lambda node: _followed(node, path))
    good = True
    for one in methods:
        told = access.ask(partial(_tried, wanted=_wanted(path, to, one), wait_s=wait))
        if told is None:
            raise failed(f"no outcome after {wait:g} s; `nrcli paths` tells it later", REFUSED)
        put_json(told) if access.as_json else show(*probe_lines(told, one))
        good = good and told.state == "good"
    if not good:
        raise typer.Exit(REFUSED)


def probe_lines(told: ProbeStatus, method: str = "") -> list[str]:
    """What happened, step by step."""
    name = f"{told.path} by {method}, through the carrier," if method else told.path
    lines = [f"{number}. {step}" for number, step in enumerate(told.steps, start=1)]
    if told.state == "good":
        way = f"{told.origin} to {told.target}"
        return [*lines, f"path {name} works: {way} in {told.took_s:.2f} s"]
    if not lines or not told.tried:
        return [*lines, f"path {name} was not tried: {told.problem}"]
    return [*lines, f"path {name} does not work: {told.problem}"]


def paths_table(found: tuple[PathStatus, ...]) -> Table | str:
    """One line a path."""
    if not found:
        return "no paths: no call can be moved (`nrcli documents put`)"
    titles = ("path", "from", "to", "methods", "address", "proof", "p99 s", "used", "callers moved")
    return table(titles, map(_row, found))


def _row(one: PathStatus) -> tuple[object, ...]:
    measured = f"{one.p99_measured_s:.2f} of {one.p99_s:g}" if one.p99_measured_s else ""
    return (
        *(one.path, f"{one.from_site}/{one.trunk_group}", one.to_site),
        *(", ".join(one.methods), one.address, _proof(one)),
        *(measured or f"{one.p99_s:g}", one.used, _moved(one)),
    )


def _proof(one: PathStatus) -> str:
    ago = "" if one.proved_s_ago is None else f", good {_ago(one.proved_s_ago)} ago"
    by_hand = one.proved_s_ago is not None and any(way.state == "untried" for way in one.through)
    direct = " (a direct call)" if by_hand and one.state == "proved" else ""
    why = f": {one.problem}" if one.problem and not one.bad_targets else ""
    told = f"{one.state.replace('_', ' ')}{direct}{ago}{why}"
    return "; ".join((told, *map(_target, one.bad_targets), *map(_through, one.through)))


def _target(one: TargetStatus) -> str:
    """A site that a path to many does not reach.

    >>> told = {"to_site": "porto", "tried_s_ago": 90.0, "problem": "refused (404)"}
    >>> _target(TargetStatus(**told, method="", state="failing"))
    'failing to porto 90 s ago: refused (404)'
    >>> _target(TargetStatus(**told, method="refer", state="bad"))
    'refer bad to porto 90 s ago: refused (404)'
    """
    by = f"{one.method} " if one.method else ""
    return f"{by}{one.state} to {one.to_site} {_ago(one.tried_s_ago)} ago: {one.problem}"


def _through(way: ThroughStatus) -> str:
    """One method through the carrier.

    >>> way = {"method": "refer", "p99_measured_s": 0.0}
    >>> _through(ThroughStatus(**way, state="untried", proved_s_ago=None, problem=""))
    'refer not tried through the carrier'
    >>> _through(ThroughStatus(**way, state="proved", proved_s_ago=5.0, problem=""))
    'refer proved through the carrier 5 s ago'
    """
    if way.state == "untried":
        return f"{way.method} not tried through the carrier"
    ago = "" if way.proved_s_ago is None else f" {_ago(way.proved_s_ago)} ago"
    why = f": {way.problem}" if way.problem else ""
    return f"{way.method} {way.state.replace('_', ' ')} through the carrier{ago}{why}"


def _moved(one: PathStatus) -> str:
    """By each method, how many of the newest arrived."""
    return "; ".join(_way(way, one.to_site) for way in one.moved)


def _way(way: WayStatus, to_site: str) -> str:
    """The callers of one method.

    >>> way = {"method": "refer", "to_site": "porto", "arrived_count": 1, "failed_count": 6}
    >>> _way(WayStatus(**way, phase="suspended"), "*")
    'refer to porto: 1 of 7, suspended'
    """
    name = way.method if way.to_site == to_site else f"{way.method} to {way.to_site}"
    told = f"{name}: {way.arrived_count} of {way.arrived_count + way.failed_count}"
    return told if way.phase == "open" else f"{told}, {way.phase}"


def _ago(seconds: float) -> str:
    if seconds >= DAY_S:
        return f"{seconds / DAY_S:.0f} d"
    return f"{seconds / HOUR_S:.0f} h" if seconds >= HOUR_S else f"{seconds:.0f} s"


async def _paths(node: AdminClient) -> Paths:
    return await node.read(Paths, "/paths")


def _wanted(path: str, to_site: str, method: str) -> ProbeWanted:
    return ProbeWanted.model_validate({"path": path, "to_site": to_site, "method": method})


async def _followed(node: AdminClient, path: str) -> tuple[str, ...]:
    """The methods of a path that the carrier must follow; what is unknown the node refuses."""
    found = next((one for one in (await _paths(node)).paths if one.path == path), None)
    return tuple(one for one in THROUGH if found and one in found.methods) or THROUGH[:1]


async def _tried(node: AdminClient, wanted: ProbeWanted, wait_s: float) -> ProbeStatus | None:
    begun = await node.send(ProbeBegun, "/probes", wanted)
    until_s = time.monotonic() + wait_s
    while time.monotonic() < until_s:
        found = await _paths(node)
        told = next((one for one in found.probes if one.id == begun.id), None)
        if told is not None and told.state in ("good", "bad"):
            return told
        await asyncio.sleep(LOOK_EVERY_S)
    return None
