"""Keeps the entries of the network queue: calls that wait at their sites for an agent anywhere.

Rule of this file: an entry is what its origin's state says of a waiting call, and nothing else, so
that every node knows them all and a new leader has the queue at once. Rank follows from priority
and time waited; in which order messages came changes nothing.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from nirc.core.paths import CALLBACK
from nirc.core.settings import RouterSettings
from nirc.core.site_state import Change
from nirc.core.told_waits import Told
from nrcli.wire.messages import DOMAIN_FIRST, RouteRequest, WaitingCallReport

VERSION_FIRST = 3
"Sites that speak an older version of the link know no network queue."
GroupKey = tuple[str, str, str, str, str, bool, int, str]
"""(domain, site, service, queue, trunk group, answered, priority, callback): the same ways, the
same ageing."""
DUE, RESTING = "due", "resting"
"Of callbacks: an agent is looked for; not now (or somebody dials)."


@dataclass(slots=True)
class Entry:
    """One waiting call."""

    id: str
    site: str
    report: WaitingCallReport
    since_s: float
    "Instant from which the caller waits, this node's clock; a later message makes it no later."
    group: Group
    told: int = 0
    "Position that the origin was told last, at `told_at_s`; 0: none."
    told_at_s: float = 0.0
    told_first: Told | None = None
    "What was expected when the caller was told for the first time."

    @property
    def place(self) -> tuple[float, str]:
        """Its place in its group."""
        return (self.since_s, self.id)

    def request(self, request_id: str, now_s: float, not_to: Iterable[str] = ()) -> RouteRequest:
        """The question about this call that its origin would ask now."""
        report = self.report
        return RouteRequest(
            request_id=request_id,
            domain=self.group.domain,
            interaction_id=report.interaction_id,
            call_id=report.call_id,
            service=report.service,
            queue=report.queue,
            dialed_number=report.dialed_number,
            ani=report.ani,
            trunk_group=self.group.trunk_group,
            answered=report.answered,
            waited_s=max(0.0, now_s - self.since_s),
            priority=report.priority,
            visited_sites=report.visited_sites,
            moves_since_person_count=report.moves_since_person_count,
            moves_count=report.moves_count,
            refused_targets=(*report.refused_targets, *not_to),
            failed_ways=report.failed_ways,
            data_version=report.data_version,
            data_digest=report.data_digest,
            withheld=report.withheld,
            verified=report.verified,
            entry_id=self.id,
            callback=bool(self.group.callback),
        )


@dataclass(slots=True)
class Group:
    """Entries among which only the time waited decides, longest first."""

    domain: str
    site: str
    service: str
    queue: str
    trunk_group: str
    answered: bool
    priority: int
    callback: str = ""
    "Nobody is on the line: `due` or `resting`. Empty: callers who wait."
    places: list[tuple[float, str]] = field(default_factory=list)
    "(waiting since, entry)"

    def question(self) -> RouteRequest:
        """What ways are worked out for."""
        return RouteRequest(
            request_id="",
            domain=self.domain,
            interaction_id="",
            call_id="",
            service=self.service,
            queue=self.queue,
            trunk_group=self.trunk_group,
            answered=self.answered,
            callback=bool(self.callback),
        )


class NetworkQueue:
    """Entries by id, by call, and in groups of the same ways."""

    __slots__ = (
        "_by_call",
        "_callbacks",
        "_coming",
        "_entries",
        "_groups",
        "_per_service",
        "_per_site",
        "_settings",
        "_too_old",
    )

    def __init__(self, settings: RouterSettings) -> None:
        self._settings = settings
        self._entries: dict[str, Entry] = {}
        self._by_call: dict[tuple[str, str], str] = {}
        self._groups: dict[GroupKey, Group] = {}
        self._per_site: dict[str, int] = {}
        self._per_service: dict[str, int] = {}
        self._callbacks: dict[str, int] = {}
        "Callers to be called back, by service."
        self._coming: dict[str, tuple[str, str, float]] = {}
        "Answered so, not in a state yet: (site, service, until) by entry."
        self._too_old: set[str] = set()

    # ---- what sites report

    def link_up(self, site: str, version_newest: int) -> None:
        """A site's stream stands."""
        if version_newest < VERSION_FIRST:
            self._too_old.add(site)
        else:
            self._too_old.discard(site)

    def changed(self, site: str, changes: Iterable[Change], now_s: float) -> list[Entry]:
        """A site's state changed; returns the entries that are new, or other than before."""
        found = []
        for change in changes:
            kind, call_id = change.key
            if kind != "waiting":
                continue
            report = change.new
            if isinstance(report, WaitingCallReport) and entry_id_of(report):
                if entry := self._see(site, report, now_s):
                    found.append(entry)
            else:
                self._drop(site, call_id)
        return found

    def _see(self, site: str, report: WaitingCallReport, now_s: float) -> Entry | None:
        since_s, old, entry_id = now_s - report.waited_s, None, entry_id_of(report)
        known = self._by_call.get((site, report.call_id))
        if known is not None:
            old = self._entries[known]
            if known == entry_id:
                since_s = min(since_s, old.since_s)
            self._drop(site, report.call_id)
        if stale := self._entries.get(entry_id):
            self._drop(stale.site, stale.report.call_id)
        group = self._group_of(site, report)
        entry = Entry(entry_id, site, report, since_s, group)
        if old is not None and known == entry_id:
            entry.told, entry.told_at_s = old.told, old.told_at_s
            entry.told_first = old.told_first
        self._coming.pop(entry.id, None)
        self._entries[entry.id] = entry
        self._by_call[(site, report.call_id)] = entry.id
        insort(group.places, entry.place)
        self._count(entry, 1)
        unlike = old is None or _apart(old.report) != _apart(report)
        return entry if unlike else None

    def _drop(self, site: str, call_id: str) -> None:
        entry_id = self._by_call.pop((site, call_id), None)
        if entry_id is None:
            return
        entry = self._entries.pop(entry_id)
        places = entry.group.places
        del places[bisect_left(places, entry.place)]
        if not places:
            self._groups.pop(_key(entry.group), None)
        self._count(entry, -1)

    def _group_of(self, site: str, report: WaitingCallReport) -> Group:
        domain = report.domain or DOMAIN_FIRST
        callback = _callback_of(report)
        trunk_group = CALLBACK if callback else report.trunk_group
        call = (report.service, report.queue, trunk_group, report.answered, report.priority)
        group = Group(domain, site, *call, callback)
        return self._groups.setdefault(_key(group), group)

    def _count(self, entry: Entry, by: int) -> None:
        _add(self._per_site, entry.site, by)
        _add(self._per_service, entry.group.service, by)
        if entry.group.callback:
            _add(self._callbacks, entry.group.service, by)

    # ---- may one more come

    def refuses(self, site: str, request: RouteRequest, now_s: float) -> str:
        """Empty if this call may become (or is) an entry, which is counted from now on; else why
        not."""
        if site in self._too_old:
            return "network queue: the site agent is of an older version"
        if request.entry_id in self._entries:
            return ""
        settings = self._settings
        self._coming = {k: v for k, v in self._coming.items() if v[2] > now_s}
        coming = self._coming.values()
        of_site = self._per_site.get(site, 0) + sum(one[0] == site for one in coming)
        of_service = self._per_service.get(request.service, 0)
        of_service += sum(one[1] == request.service for one in coming)
        if len(self._entries) + len(coming) >= settings.queue_entries_max:
            return "network queue: it is full"
        if of_site >= settings.queue_entries_per_site_max:
            return "network queue: it is full for this site"
        if of_service >= settings.queue_entries_per_service_max:
            return "network queue: it is full for this service"
        until_s = now_s + settings.queue_unseen_s
        self._coming[request.entry_id or request.request_id] = (site, request.service, until_s)
        return ""

    # ---- what others ask

    def get(self, entry_id: str) -> Entry | None:
        """An entry."""
        return self._entries.get(entry_id)

    def of_call(self, site: str, call_id: str) -> Entry | None:
        """The entry of a call."""
        return self._entries.get(self._by_call.get((site, call_id), ""))

    def groups(self) -> list[Group]:
        """Groups that have entries."""
        return list(self._groups.values())

    def counts(self) -> dict[str, int]:
        """Entries by service."""
        return dict(self._per_service)

    def counts_by_site(self) -> dict[str, int]:
        """Entries by site."""
        return dict(self._per_site)

    def callback_counts(self) -> dict[str, int]:
        """Callers to be called back, by service."""
        return dict(self._callbacks)

    def waiting_here(self, site: str, queue: str) -> int:
        """Entries among the calls that wait in a site's queue."""
        return sum(
            len(group.places)
            for group in self._groups.values()
            if (group.site, group.queue) == (site, queue) and not group.callback
        )

    def __iter__(self) -> Iterator[Entry]:
        return iter(list(self._entries.values()))

    def __len__(self) -> int:
        return len(self._entries)


def _key(group: Group) -> GroupKey:
    call = (group.service, group.queue, group.trunk_group, group.answered, group.priority)
    return (group.domain, group.site, *call, group.callback)


def entry_id_of(report: WaitingCallReport) -> str:
    """The entry that a site's report makes; empty: that call waits at its site alone. A caller to
    be called back has no call but the promise."""
    return report.entry_id or (report.call_id if report.callback_state else "")


def _callback_of(report: WaitingCallReport) -> str:
    if not report.callback_state:
        return ""
    return DUE if report.callback_state == DUE else RESTING


def _apart(report: WaitingCallReport) -> tuple[object, ...]:
    """What of a report may change who can take the call."""
    asked = (report.entry_id, report.domain, report.service, report.queue, report.trunk_group)
    known = (report.answered, report.priority, report.refused_targets, report.data_version)
    return (*asked, *known, report.callback_state, report.failed_ways)


def _add(counts: dict[str, int], key: str, by: int) -> None:
    left = counts.get(key, 0) + by
    if left:
        counts[key] = left
    else:
        counts.pop(key, None)
