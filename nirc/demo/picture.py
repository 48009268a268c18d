"""Draws the network in the terminal: sites, queues, agents, moves, leader, last decisions.

Rule of this file: it draws a `Scene` and asks nobody; what a person may try is text kept here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from nirc.demo.layout import Layout

BAR_CELLS = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueScene:
    """One queue of one site, as the leader sees it."""

    name: str
    ready: int = 0
    reserved: int = 0
    busy: int = 0
    acw: int = 0
    waiting: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteScene:
    """One site."""

    name: str
    address: str
    running: bool
    linked: bool
    queues: tuple[QueueScene, ...] = ()
    agents_total: int = 0
    agents_in_call: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeScene:
    """One node."""

    name: str
    pid: int
    running: bool
    leads: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What the terminal shows at one moment."""

    title: str
    sites: tuple[SiteScene, ...]
    nodes: tuple[NodeScene, ...]
    counts: Mapping[str, int] = field(default_factory=dict)
    decisions: Sequence[str] = ()
    alarms: Sequence[str] = ()


def draw(scene: Scene) -> RenderableType:
    """The whole picture."""
    parts: list[RenderableType] = [
        Panel(_nodes(scene.nodes), title=f"NIRC nodes - {scene.title}", border_style="cyan"),
        Panel(_sites(scene.sites), title="Sites", border_style="green"),
        Panel(_counts(scene.counts), title="Calls", border_style="yellow"),
    ]
    if scene.decisions:
        parts.append(Panel(Text("\n".join(scene.decisions)), title="Last decisions"))
    if scene.alarms:
        parts.append(Panel(Text("\n".join(scene.alarms)), title="Alarms", border_style="red"))
    return Group(*parts)


def how_to_try(layout: Layout, leader_pid: int | None, last_site_pid: int) -> list[str]:
    """Where to connect, and what to try next; plain lines."""
    lines = ["Ring a site with your own softphone or sipp (every other number reaches sales):"]
    for site in layout.sites:
        doors = ", ".join(f"{trunk.shape.name} {trunk.address}" for trunk in site.trunks)
        lines.append(f"  {site.name:<8} {doors}")
    lines += [f"  {shape.name}: {shape.asks_of_a_caller}" for shape in layout.shape.trunks]
    first = layout.sites[0]
    number = next(iter(layout.shape.services.values()))
    lines += [
        f"  sipp -sn uac -s {number} -m 1 -d 3000 {first.trunks[0].address}",
        f"  softphone: sip:{number}@{first.trunks[0].address}",
        "What to try next:",
    ]
    if leader_pid is not None:
        lines.append(
            f"  kill the leader:  kill -9 {leader_pid}   (another node leads within seconds)"
        )
    last = layout.sites[-1].name
    lines += [
        f"  stop a site:      kill -STOP {last_site_pid}   (-CONT lets {last} go on)",
        "  watch a decision: the rules that were tried stand under `Last decisions`",
    ]
    return lines


def _nodes(nodes: Sequence[NodeScene]) -> Table:
    table = Table.grid(padding=(0, 3))
    for node in nodes:
        state = "leads" if node.leads else "follows" if node.running else "down"
        style = "bold green" if node.leads else "" if node.running else "red"
        table.add_row(node.name, Text(state, style=style), f"pid {node.pid}")
    return table


def _sites(sites: Sequence[SiteScene]) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in (
        "site",
        "SIP",
        "link",
        "queue",
        "ready",
        "held",
        "busy",
        "acw",
        "waiting",
        "agents",
    ):
        table.add_column(heading)
    for site in sites:
        link = "up" if site.linked else "stopped" if not site.running else "alone"
        for number, queue in enumerate(site.queues or (QueueScene(name="-"),)):
            own = (site.name, site.address, link) if number == 0 else ("", "", "")
            figures = (queue.ready, queue.reserved, queue.busy, queue.acw, queue.waiting)
            bar = _bar(site.agents_in_call, site.agents_total) if number == 0 else ""
            table.add_row(*own, queue.name, *(str(figure) for figure in figures), bar)
    return table


def _bar(used: int, total: int) -> str:
    if not total:
        return ""
    cells = round(BAR_CELLS * used / total)
    return f"{'#' * cells}{'.' * (BAR_CELLS - cells)} {used}/{total} in calls"


def _counts(counts: Mapping[str, int]) -> Table:
    table = Table.grid(padding=(0, 2))
    shown = [
        f"{name.replace('_', ' ')} {counts[name]}"
        for name in (
            "calls",
            "served",
            "served_home",
            "moved_302",
            "moved_refer",
            "moved_bridge",
            "abandoned",
            "failed",
            "lost",
            "data_intact",
        )
        if name in counts
    ]
    for start in range(0, len(shown), 5):
        table.add_row(*shown[start : start + 5])
    return table
