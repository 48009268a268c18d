"""Turns what the processes answer into one scene, and adds up what is still held.

Rule of this file: pure; a part that did not answer is shown as such and never guessed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from nirc.demo.layout import Layout, SiteLayout
from nirc.demo.picture import NodeScene, QueueScene, Scene, SiteScene

Status = Mapping[str, Any]
SHOWN_DECISIONS_MAX = 6
OWN_CALLS: Mapping[str, tuple[str, ...]] = {
    "offered": ("offered",),
    "waiting": ("waiting_now",),
    "served": ("connected",),
    "moved_302": ("moved_redirect_302",),
    "moved_refer": ("moved_refer", "moved_refer_replaces"),
    "moved_bridge": ("moved_bridge",),
    "abandoned": ("gave_up",),
}
"What is shown of calls that the demo did not place, and the counters of the sites behind it."


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
    has_own_calls: bool = False,
) -> Scene:
    """`site_status` holds the status of every site that answered.

    `running` names whom the demo started and who still stands, and whoever answers; a process that
    is not the demo's own has no entry in `pids`. With `has_own_calls` the sites count, not the
    phones: they know nothing of a caller who is not theirs.
    """
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
        counts=own_calls(site_status)
        if has_own_calls
        else {name: value for name, value in phones.items() if isinstance(value, int)},
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
        agents=Counter(str(agent.get("state", "")) for agent in status.get("agents", ())),
    )


def _acw_by_queue(status: Status) -> dict[str, int]:
    found: dict[str, int] = {}
    for agent in status.get("agents", ()):
        if agent.get("state") == "working_after_call":
            for queue in agent.get("queues", ()):
                found[str(queue)] = found.get(str(queue), 0) + 1
    return found


def own_calls(site_status: Mapping[str, Status]) -> dict[str, int]:
    """What became of the calls, added up over the counters of the sites that answered."""
    counted: Counter[str] = Counter()
    for status in site_status.values():
        counted.update(status.get("counters", {}))
        for queue in status.get("queues", ()):
            counted["waiting_now"] += int(queue.get("waiting_count", 0))
            counted["gave_up"] += int(queue.get("abandoned_count", 0))
    return {name: sum(counted[one] for one in counters) for name, counters in OWN_CALLS.items()}


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
