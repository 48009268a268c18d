"""Draws the network in the terminal: sites, queues, agents, moves, leader, last decisions.

Rule of this file: it draws a `Scene` and asks nobody; what does not fit the terminal is left out by
its worth, never cut: on a small one addresses first (they were said before), then decisions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

BAR_CELLS = 24
WIDE_COLUMNS, HIGH_LINES = 118, 32
"A terminal of at least this size gets panels, addresses and a line for every queue."
SMALL_DECISIONS_MAX = 3
SMALL_ALARMS_MAX = 3
COUNTS_A_LINE = 5


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
    agents: Mapping[str, int] = field(default_factory=dict)
    "Agents in each state, by the site's own word."


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeScene:
    """One node."""

    name: str
    pid: int
    "0: not started by the demo."
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


def draw(scene: Scene, columns: int, lines: int) -> RenderableType:
    """The whole picture, for a terminal of this size."""
    if columns < WIDE_COLUMNS or lines < HIGH_LINES:
        return _small(scene)
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


def _small(scene: Scene) -> RenderableType:
    """At most 19 lines of at most 80 columns."""
    parts: list[RenderableType] = [
        Rule(f"NIRC - {scene.title}", style="cyan"),
        _one_line("  ".join(_node_words(node) for node in scene.nodes)),
        Rule("Sites", style="green"),
        _small_sites(scene.sites),
        Rule("Calls", style="yellow"),
        _counts(scene.counts),
    ]
    if scene.decisions:
        parts.append(Rule("Last decisions"))
        parts += [_one_line(line) for line in scene.decisions[-SMALL_DECISIONS_MAX:]]
    if scene.alarms:
        parts.append(Rule("Alarms", style="red"))
        parts += [_one_line(line) for line in scene.alarms[-SMALL_ALARMS_MAX:]]
    return Group(*parts)


def _one_line(text: str) -> Text:
    return Text(text, no_wrap=True, overflow="ellipsis")


def _small_sites(sites: Sequence[SiteScene]) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in ("site", "link", "ready", "held", "busy", "acw", "waiting in each queue"):
        table.add_column(heading, no_wrap=True)
    for site in sites:
        states = ("ready", "reserved", "busy", "working_after_call")
        figures = (str(site.agents.get(state, 0)) for state in states)
        waiting = "  ".join(f"{queue.name} {queue.waiting}" for queue in site.queues)
        table.add_row(site.name, _link(site), *figures, waiting)
    return table


def _node_words(node: NodeScene) -> str:
    return f"{node.name} {_node_state(node)} ({_pid(node)})"


def _node_state(node: NodeScene) -> str:
    return "leads" if node.leads else "follows" if node.running else "down"


def _pid(node: NodeScene) -> str:
    return f"pid {node.pid}" if node.pid else "not ours" if node.running else "-"


def _link(site: SiteScene) -> str:
    return "up" if site.linked else "stopped" if not site.running else "alone"


def _nodes(nodes: Sequence[NodeScene]) -> Table:
    table = Table.grid(padding=(0, 3))
    for node in nodes:
        style = "bold green" if node.leads else "" if node.running else "red"
        table.add_row(node.name, Text(_node_state(node), style=style), _pid(node))
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
        for number, queue in enumerate(site.queues or (QueueScene(name="-"),)):
            own = (site.name, site.address, _link(site)) if number == 0 else ("", "", "")
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
            "offered",
            "waiting",
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
    for start in range(0, len(shown), COUNTS_A_LINE):
        table.add_row(*shown[start : start + COUNTS_A_LINE])
    return table
