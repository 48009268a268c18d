"""The catalogue of figures that alarm rules may look at.

Rule of this file: data only. What a figure means, what its places are and who gives it; how a node
comes by it is the node's business.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FigureKind = Literal["level", "count", "share"]
Unit = Literal["share", "s", "count", "days", "percent"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure."""

    name: str
    kind: FigureKind
    """level: a value now; count: only grows, and a rule sees by how much; share: two counts, of the
    time that the rule says."""
    unit: Unit
    place: str
    "What its places are."
    leader_only: bool
    "About the whole network, and looked at by the leader alone; else by every node, of itself."
    meaning: str


_NETWORK = "network (empty)"
_SITE, _QUEUE, _PAIR = "site", "site/queue", "site>site"
FIGURES: tuple[Figure, ...] = (
    Figure(
        *("routing_success", "share", "share", _NETWORK, True),
        "Share of moves that arrived. A caller who hung up, or whom an own agent took meanwhile, "
        "counts on neither side.",
    ),
    Figure(
        *("transfer_failures", "share", "share", _PAIR, True),
        "Share of moves from one site to another that were refused, busy, not answered, timed out, "
        "wrong or never heard of.",
    ),
    Figure(
        *("transfer_failures_by_code", "count", "count", "site>site code", True),
        "The same moves, by pair and SIP status (RFC 3261 section 21); 0: there was none.",
    ),
    Figure(
        *("reservation_refusals", "level", "share", _QUEUE, True),
        "Share of the newest reservations at a queue that it refused, or did not answer.",
    ),
    Figure(
        *("route_requests", "count", "count", _NETWORK, True),
        "Questions of sites: where to with this call?",
    ),
    Figure(
        *("state_age", "level", "s", _SITE, True),
        "Time since a site's last report was taken; a whole one comes every 300 s at the latest.",
    ),
    Figure(
        *("ewt_error", "level", "percent", _QUEUE, True),
        "How far the expected wait is off: of ten callers nine waited within so many percent of it "
        "(100: twice as long as said, or half).",
    ),
    Figure(
        *("service_level", "level", "share", _QUEUE, True),
        "Share of a queue's callers of the last 15 minutes who were answered in time.",
    ),
    Figure(*("queue_waiting", "level", "count", _QUEUE, True), "Callers who wait."),
    Figure(
        *("queue_oldest_wait", "level", "s", _QUEUE, True),
        "How long the caller who came first has waited.",
    ),
    Figure(
        *("queue_full", "level", "share", _QUEUE, True),
        "Share of a queue's places that are taken or held; none of a queue without a bound.",
    ),
    Figure(
        *("network_queue_waiting", "level", "count", "service", True),
        "Entries of the network queue.",
    ),
    Figure(
        *("trunk_free", "level", "share", "site/trunk group", True),
        "Share of channels that are free.",
    ),
    Figure(
        *("pool_free", "level", "share", "site/pool", True),
        "Share of a number pool's numbers that may be lent now.",
    ),
    Figure(
        *("suspended", "level", "count", "path, queue or agent", True),
        "Places of this kind that are kept from network routing because they harm callers.",
    ),
    Figure(
        *("site_drift", "level", "count", _QUEUE, True),
        "1 where a queue stands in the Site document and not at the site, or the other way round.",
    ),
    Figure(
        *("leader_changes", "count", "count", "routing domain", True),
        "Times that another leadership began.",
    ),
    Figure(
        *("out_of_balance", "level", "count", _NETWORK, True),
        "Calls of the last whole hours that the balance of docs/kpis.md does not account for; only "
        "where the leading node has the files of records.",
    ),
    Figure(
        *("firewall_hits", "count", "count", _NETWORK, False),
        "Calls and messages that a call firewall turned away at this node.",
    ),
    Figure(
        *("records_waiting", "level", "count", "node", False),
        "Records of this node that are not in Redis yet.",
    ),
    Figure(
        *("certificate_left", "level", "days", "node:file", False),
        "Until a certificate of the node's settings ends; below 0: it has. Of those made for 30 "
        "days or more.",
    ),
    Figure(
        *("certificate_life_left", "level", "share", "node:file", False),
        "What is left of the life of a certificate that was made for less than 30 days, and that a "
        "program renews.",
    ),
    Figure(
        *("disk_free", "level", "share", "node:folder", False),
        "Share of the disk under a folder of the node's settings that is free.",
    ),
)
BY_NAME = {one.name: one for one in FIGURES}
