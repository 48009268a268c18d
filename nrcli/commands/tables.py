"""Shows answers to a person: tables and plain words.

Rule of this file: it shows what the node said, and reckons nothing.
"""

from collections.abc import Iterable, Sequence

from rich.console import Console, RenderableType
from rich.table import Table

from nrcli.commands.clock import time_told
from nrcli.commands.pool_text import pools_parts
from nrcli.commands.standing_text import last_outage, standing_lines, tier_text
from nrcli.commands.whole_names import put
from nrcli.wire.alarm_advice import advice_for
from nrcli.wire.alarm_models import Alarm
from nrcli.wire.api_models import (
    CallInMotion,
    Decision,
    DomainLeader,
    PlaceOutcomes,
    QueueEntries,
    QueueStatus,
    SiteStatus,
    SiteSummary,
    Status,
    StoreStatus,
)
from nrcli.wire.document_models import DocumentSummary
from nrcli.wire.records_models import RecordsStatus

OUTCOMES = {
    "move": "The call was moved",
    "stay": "The call stayed at its own site",
    "act_locally": "The site was told to act by itself",
    "announce": "The call stayed at its own site and hears an announcement",
    "retry_after": "The call stayed at its own site, which asks again later",
    "reject": "The site was told to end the call",
    "callback": "The caller is to be called back",
    "to_handler": "The site was told to send the caller to a handler",
    "network_queue": "The call waits at its own site for an agent anywhere",
    "cancelled": "The site needed no answer any more",
    "redirect": "The call was sent to the site before any site had it",
    "redirect_default": "The call was sent to an entry site, for no policy chose one",
    "deadline": "No answer was found before the deadline, so the site acted by itself",
}


NO_DECISION = (
    "no decision is known to this node; each lists its own: ask the one that leads, or led"
)
SHORT = 8
"Characters of an id that are shown; `nrcli explain` takes them."


def show(*parts: RenderableType) -> None:
    """Print to standard output, in colour on a terminal."""
    console = Console(highlight=False, soft_wrap=True)
    for part in parts:
        put(console, part)


def table(titles: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    """Plain columns; titles only where there are some."""
    titled = any(titles)
    table = Table(box=None, pad_edge=False, header_style="bold", show_header=titled)
    for title in titles:
        table.add_column(title, no_wrap=title in ("request", "call"))
    for row in rows:
        table.add_row(*(_cell(value) for value in row))
    return table


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.1f}"
    return "-" if value in (None, "") else str(value).replace("[", r"\[")


def status_parts(status: Status) -> list[RenderableType]:
    """A node at a glance: who leads first."""
    rows: list[tuple[str, object]] = [
        ("node", f"{status.node} (NIRC {status.version}, up {status.up_s:.0f} s)"),
        *((f"leader of {domain.domain}", _leader(domain)) for domain in status.domains),
        ("etcd", _store(status.etcd)),
        ("redis", _store(status.redis)),
        ("records", _records(status.records)),
        ("sites linked", ", ".join(status.sites_linked)),
        ("sites dead", ", ".join(status.sites_dead)),
        ("nodes linked", ", ".join(status.peers_linked)),
        ("draining", status.draining),
        ("documents", f"revision {status.documents_revision}"),
        ("calls in motion", status.calls_in_motion_count),
        ("alarms", status.alarms_count),
    ]
    if status.sites_degraded:
        rows.append(("WITHOUT NIRC", ", ".join(status.sites_degraded)))
    if status.documents_problem:
        rows.append(("NOT IN USE", status.documents_problem))
    rows += [(f"{one.phase.upper()}", _place(one)) for one in status.suspended]
    return [table(("", ""), rows)]


def _records(records: RecordsStatus) -> str:
    """Who keeps them, what waits, and what is missing."""
    parts = []
    if records.kept_for_s is None:
        parts.append("in Redis alone")
    else:
        parts.append(f"kept by {records.keeper}, {records.kept_for_s:.0f} s ago")
    if records.waiting_count or records.spooled_bytes:
        parts.append(f"{records.waiting_count} wait, {records.spooled_bytes} bytes on disk")
    if records.lost_count:
        parts.append(f"{records.lost_count} LOST here")
    if records.missing_counts:
        counts = ", ".join(f"{count} {name}" for name, count in records.missing_counts.items())
        parts.append(f"MISSING: {counts}")
    if records.problem:
        parts.append(records.problem)
    return "; ".join(parts)


def _place(place: PlaceOutcomes) -> str:
    """Who gets no calls of other sites, why, and until when."""
    where = f"{place.kind} {place.name} {'to' if place.kind == 'path' else 'of'} {place.site}"
    if place.phase == "suspended":
        until = f"next probe in {place.next_probe_s:.0f} s at the earliest"
    else:
        until = f"gets {place.share:.0%} of its calls"
    return f"{where} for {place.since_s:.0f} s: {place.reason}; {until}"


def _leader(domain: DomainLeader) -> str:
    epoch = f"epoch {domain.generation}.{domain.revision}"
    if not domain.leader:
        return (
            f"NOBODY: no moves by NIRC, sites go by their peer plan or serve at home (last {epoch})"
        )
    since = f" for {domain.since_s:.0f} s" if domain.since_s is not None else ""
    if domain.leads_here:
        more = f", this node: {len(domain.acknowledged_sites)} sites acknowledged"
    else:
        more = f", heard {domain.heard_s:.1f} s ago" if domain.heard_s is not None else ""
    return f"{domain.leader}{since} ({epoch}{more})"


def _store(store: StoreStatus) -> str:
    """How a store stands; one that nobody named is not away."""
    if store.in_reach or store.problem == "not configured":
        return store.problem or "in reach"
    return f"AWAY: {store.problem}"


def sites_parts(sites: Sequence[SiteSummary]) -> list[RenderableType]:
    """Every site, one line each."""
    titles = ("site", "liveness", "linked", "usable", "age s", "ready", "waiting", "busy", "tier")
    rows = [
        (
            *(one.site, one.liveness, one.linked, one.usable, one.state_age_s),
            *(one.ready_count, one.waiting_count, one.busy_count),
            *(tier_text(one), last_outage(one)),
        )
        for one in sites
    ]
    return [table((*titles, "last without NIRC"), rows)]


def site_parts(site: SiteStatus) -> list[RenderableType]:
    """One site with its queues and agents."""
    titles = ("queue", "open", "shared", "ready", "reserved", "busy", "acw", "waiting", "oldest s")
    queues = [
        (
            *(one.queue, one.open, one.shared, one.ready_count, one.reserved_count),
            *(one.busy_count, one.acw_count, one.waiting_count, one.oldest_wait_s),
        )
        for one in site.queues
    ]
    waits = [
        (
            *(one.queue, _wait(one), one.ewt_by, _percent(one.service_level)),
            *(one.patience_s or None, one.age_s),
        )
        for one in site.queues
    ]
    agents = [
        (one.agent, _state(one.state), one.in_state_s, ", ".join(one.queues)) for one in site.agents
    ]
    outcomes = [
        (
            *(one.kind, one.name, one.phase),
            ", ".join(f"{what} {count}" for what, count in one.counts.items()),
            one.reason,
        )
        for one in site.outcomes
    ]
    shown = table(("outcomes of", "name", "phase", "newest", "why"), outcomes)
    return [
        *sites_parts([site]),
        *standing_lines(site),
        "",
        table(titles, queues),
        "",
        table(("queue", "expected wait", "told by", "in time", "patience s", "age s"), waits),
        "",
        table(("agent", "state", "since s", "queues"), agents),
        *(("", shown) if outcomes else ()),
        *(("", *pools_parts(site.pools)) if site.pools else ()),
    ]


def _state(state: str) -> str:
    """An agent's state in a person's words: `null` is nobody at the phone."""
    return "logged out" if state == "null" else state


def _wait(queue: QueueStatus) -> str:
    """The expected wait of a call that comes now, with its range."""
    if queue.ewt_s is None:
        return ""
    if queue.ewt_low_s is None or queue.ewt_high_s is None or not queue.ewt_s:
        return f"{queue.ewt_s:.0f} s"
    return f"{queue.ewt_s:.0f} s ({queue.ewt_low_s:.0f} to {queue.ewt_high_s:.0f})"


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.0%}"


def calls_parts(calls: Sequence[CallInMotion]) -> list[RenderableType]:
    """Calls in motion."""
    titles = ("interaction", "from", "to", "queue", "agent", "state", "age s")
    rows = [
        (
            *(one.interaction_id, one.origin_site, one.target_site, one.queue),
            *(one.agent, one.state, one.age_s),
        )
        for one in calls
    ]
    return [table(titles, rows)] if rows else ["no call is in motion"]


def queue_parts(queue: QueueEntries) -> list[RenderableType]:
    """The network queue, first to last."""
    titles = (
        "service",
        "place",
        "kind",
        "interaction",
        "waits at",
        "queue",
        "priority",
        "waited s",
        "state",
    )
    rows = [
        (
            *(one.service, one.position, one.kind, one.interaction_id[:SHORT]),
            *(one.site, one.queue),
            *(one.priority, one.waited_s, one.state),
        )
        for one in queue.entries
    ]
    parts: list[RenderableType] = [table(titles, rows)] if rows else ["nobody waits in it"]
    if queue.entries_count > len(rows):
        parts.append(f"and {queue.entries_count - len(rows)} more")
    return parts


def alarms_parts(alarms: Sequence[Alarm]) -> list[RenderableType]:
    """Alarms that stand, each with what to do."""
    rows = [
        (one.code, one.place, one.severity, _alarm(one), one.advice or advice_for(one.code))
        for one in alarms
    ]
    titles = ("alarm", "place", "severity", "what", "what to do")
    return [table(titles, rows)] if rows else ["no alarm stands"]


def _alarm(one: Alarm) -> str:
    if not one.acknowledged_by:
        return one.text
    why = f": {one.acknowledged_reason}" if one.acknowledged_reason else ""
    return f"{one.text} ({one.acknowledged_by} cares for it{why})"


def decisions_parts(decisions: Sequence[Decision]) -> list[RenderableType]:
    """Decisions, one line each."""
    titles = ("at (UTC)", "request", "call", "from", "outcome", "to", "queue", "agent", "took ms")
    rows = [
        (
            time_told(one.at_unix_s)[-len("23:59:59") :],
            *(one.request_id[:SHORT], one.interaction_id[:SHORT], one.origin_site, one.outcome),
            *(one.target_site or one.handler, one.queue, one.agent, one.took_s * 1000),
        )
        for one in decisions
    ]
    return [table(titles, rows)] if rows else [NO_DECISION]


def documents_parts(documents: Sequence[DocumentSummary]) -> list[RenderableType]:
    """Documents, one line each."""
    rows = [(one.kind, one.name, one.revision) for one in documents]
    return [table(("kind", "name", "revision"), rows)] if rows else ["there are no documents"]
