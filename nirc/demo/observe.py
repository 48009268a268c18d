"""Turns what the processes answer into one scene, and adds up what is still held.

Rule of this file: pure; a part that did not answer is shown as such and never guessed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nirc.demo.layout import Layout, SiteLayout
from nirc.demo.picture import NodeScene, QueueScene, Scene, SiteScene

Status = Mapping[str, Any]
SHOWN_DECISIONS_MAX = 6


def scene(
    layout: Layout,
    *,
    title: str,
    site_status: Mapping[str, Status],
    phones: Status,
    pids: Mapping[str, int],
    running: frozenset[str],
    leader: str,
    decisions: Sequence[str] = (),
) -> Scene:
    """`site_status` holds the status of every site that answered."""
    agents = phones.get("agents", ())
    return Scene(
        title=title,
        sites=tuple(
            _site(site, site_status.get(site.name, {}), agents, site.name in running)
            for site in layout.sites
        ),
        nodes=tuple(
            NodeScene(
                name=node.name,
                pid=pids.get(node.name, 0),
                running=node.name in running,
                leads=node.name == leader,
            )
            for node in layout.nodes
        ),
        counts={name: value for name, value in phones.items() if isinstance(value, int)},
        decisions=tuple(decisions)[-SHOWN_DECISIONS_MAX:],
        alarms=tuple(
            f"{site}: {alarm.get('text', '')}"
            for site, status in site_status.items()
            for alarm in status.get("alarms", ())
        ),
    )


def _site(site: SiteLayout, status: Status, phones: Sequence[Status], running: bool) -> SiteScene:
    own = [phone for phone in phones if phone.get("site") == site.name]
    acw = _acw_by_queue(status)
    return SiteScene(
        name=site.name,
        address=site.trunks[0].address,
        running=running,
        linked=bool(status.get("leading_node")),
        queues=tuple(
            QueueScene(
                name=str(queue["queue"]),
                ready=int(queue["ready_count"]),
                reserved=int(queue["reserved_count"]),
                busy=int(queue["busy_count"]),
                acw=acw.get(str(queue["queue"]), 0),
                waiting=int(queue["waiting_count"]),
            )
            for queue in status.get("queues", ())
        ),
        agents_total=len(site.agents),
        agents_in_call=sum(bool(phone.get("in_call")) for phone in own),
    )


def _acw_by_queue(status: Status) -> dict[str, int]:
    found: dict[str, int] = {}
    for agent in status.get("agents", ()):
        if agent.get("state") == "working_after_call":
            for queue in agent.get("queues", ()):
                found[str(queue)] = found.get(str(queue), 0) + 1
    return found


def leader_of(site_status: Mapping[str, Status]) -> str:
    """The node that most sites take orders from; empty if none."""
    named = [str(status.get("leading_node") or "") for status in site_status.values()]
    named = [name for name in named if name]
    return max(set(named), key=named.count) if named else ""


def channels_held(site_status: Mapping[str, Status]) -> int:
    """Channels in use or reserved, over all sites."""
    return sum(
        int(trunk["channels_used_count"]) + int(trunk["channels_reserved_count"])
        for status in site_status.values()
        for trunk in status.get("trunks", ())
    )


def left_over(site_status: Mapping[str, Status]) -> dict[str, int]:
    """What should be 0 when all is quiet, by name; only what is not 0."""
    found: dict[str, int] = {}
    for site, status in site_status.items():
        counts = {
            "calls": len(status.get("calls", ())),
            "holds": int(status.get("holds_open_count", 0)),
            "requests": int(status.get("requests_open_count", 0)),
            "moves": int(status.get("moves_open_count", 0)),
            "cancels": int(status.get("cancels_open_count", 0)),
            "channels": channels_held({site: status}),
        }
        found |= {f"{site} {name}": value for name, value in counts.items() if value}
    return found
