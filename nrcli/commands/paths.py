"""`nrcli paths` and `nrcli probe PATH`: how the paths stand, and a real test call over one.

Rule of this file: the leader tries; what is said here of it was read from that node.
"""

import asyncio
import time
from typing import Annotated

import typer
from rich.table import Table

from nrcli.admin_client import AdminClient
from nrcli.commands.exit_codes import REFUSED
from nrcli.commands.node_access import access_of, failed, put_json
from nrcli.commands.tables import show
from nrcli.wire.path_models import (
    Paths,
    PathStatus,
    ProbeBegun,
    ProbeStatus,
    ProbeWanted,
)

LOOK_EVERY_S = 0.25
HOUR_S, DAY_S = 3600.0, 86_400.0


def paths(context: typer.Context) -> None:
    """The paths: what proves each of them, how fast they are, and which are used."""
    access = access_of(context)
    found = access.ask(_paths)
    put_json(found) if access.as_json else show(paths_table(found.paths))


def probe(
    context: typer.Context,
    path: Annotated[str, typer.Argument(help="A path's name; `nrcli paths` lists them.")],
    to: Annotated[
        str, typer.Option(metavar="SITE", help="For a path to all sites: which one.")
    ] = "",
    wait: Annotated[
        float, typer.Option(min=1, max=300, help="How long to wait for the outcome, seconds.")
    ] = 150.0,
) -> None:
    """Place a real test call over a path, from its trunk group to its target. Nobody is rung.

    Ends with 1 if it did not go through. It costs what a call costs.
    """
    access = access_of(context)
    told = access.ask(lambda node: _tried(node, ProbeWanted(path=path, to_site=to), wait))
    if told is None:
        raise failed(f"no outcome after {wait:g} s; `nrcli paths` tells it later", REFUSED)
    if access.as_json:
        put_json(told)
    else:
        show(*probe_lines(told))
    if told.state != "good":
        raise typer.Exit(REFUSED)


def probe_lines(told: ProbeStatus) -> list[str]:
    """What happened, step by step."""
    lines = [f"{number}. {step}" for number, step in enumerate(told.steps, start=1)]
    if told.state == "good":
        way = f"{told.origin} to {told.target}"
        return [*lines, f"path {told.path} works: {way} in {told.took_s:.2f} s"]
    return [*lines, f"path {told.path} does not work: {told.problem}"]


def paths_table(found: tuple[PathStatus, ...]) -> Table | str:
    """One line a path."""
    if not found:
        return "no paths: no call can be moved (`nrcli documents put`)"
    table = Table(
        "path", "from", "to", "methods", "address", "proof", "p99 s", "used", "callers moved"
    )
    for one in found:
        measured = f"{one.p99_measured_s:.2f} of {one.p99_s:g}" if one.p99_measured_s else ""
        table.add_row(
            *(one.path, f"{one.from_site}/{one.trunk_group}", one.to_site),
            *(", ".join(one.methods), one.address, _proof(one)),
            *(measured or f"{one.p99_s:g}", "yes" if one.used else "no"),
            _moved(one),
        )
    return table


def _proof(one: PathStatus) -> str:
    ago = "" if one.proved_s_ago is None else f", good {_ago(one.proved_s_ago)} ago"
    return f"{one.state.replace('_', ' ')}{ago}" + (f": {one.problem}" if one.problem else "")


def _moved(one: PathStatus) -> str:
    """By each method, how many of the newest arrived.

    >>> way = {"method": "refer", "to_site": "porto", "phase": "suspended"}
    >>> one = WayStatus(**way, arrived_count=1, failed_count=6)
    >>> _moved(PathStatus.model_construct(to_site="porto", moved=(one,)))
    'refer: 1 of 7, suspended'
    """
    return "; ".join(
        (f"{way.method} to {way.to_site}" if way.to_site != one.to_site else way.method)
        + f": {way.arrived_count} of {way.arrived_count + way.failed_count}"
        + ("" if way.phase == "open" else f", {way.phase}")
        for way in one.moved
    )


def _ago(seconds: float) -> str:
    if seconds >= DAY_S:
        return f"{seconds / DAY_S:.0f} d"
    return f"{seconds / HOUR_S:.0f} h" if seconds >= HOUR_S else f"{seconds:.0f} s"


async def _paths(node: AdminClient) -> Paths:
    return await node.read(Paths, "/paths")


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
