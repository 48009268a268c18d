"""Reads the numbers of a call that no site has yet, and knows where it goes if nobody chooses.

Rule of this file: everything follows from the documents kept and from which sites are believed
alive, so a node without a leader, and without etcd, answers too. A site without an address in the
site table is never named; one believed dead only where no other is left.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from nirc.core.active_policy import ActivePolicy
from nirc.core.site_liveness import Liveness, SiteLiveness
from routing_policies.call_numbers import CallHeard, NumberReader
from routing_policies.document import NetworkDocuments
from routing_policies.network_documents import Address


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRead:
    """What the numbers of a call mean."""

    service: str
    "Empty: no plan knows the number."
    dialed_number: str
    ani: str
    withheld: bool
    verified: bool
    priority: int
    emergency: bool
    blocked_by: str = ""
    "The number list whose callers are refused."
    entry_sites: tuple[str, ...] = ()
    "As the plan's entry names them, else every site that serves the service."


class EntrySites:
    """Numbers to services and entry sites, and sites to addresses."""

    __slots__ = ("_active", "_liveness", "_of", "_reader", "_serving")

    def __init__(self, active: ActivePolicy, liveness: SiteLiveness) -> None:
        self._active = active
        self._liveness = liveness
        self._of: NetworkDocuments | None = None
        self._reader: NumberReader | None = None
        self._serving: dict[str, tuple[str, ...]] = {}

    def read(self, heard: CallHeard, now_s: float) -> EntryRead | None:
        """None before the first documents."""
        documents = self._active.documents
        if documents is None:
            return None
        if documents is not self._of or self._reader is None:
            self._change(documents)
        assert self._reader is not None
        read = self._reader.read(heard, self._active.hours.unix_s(now_s))
        entry = read.match.entry if read.match else None
        blocked_by, priority = "", read.priority.priority
        if read.service and not read.emergency:
            for one in documents.lists_of(read.service).values():
                if one.holds(read.caller.text, verified=read.verified):
                    blocked_by = blocked_by or (one.name if one.blocked else "")
                    priority = max(priority, 0 if read.withheld else one.priority)
        return EntryRead(
            service=read.service,
            dialed_number=read.called.text,
            ani=read.ani,
            withheld=read.withheld,
            verified=read.verified,
            priority=priority,
            emergency=read.emergency,
            blocked_by=blocked_by,
            entry_sites=(entry.entry_sites if entry else ()) or self._all_serving(read.service),
        )

    def usable(self, sites: Iterable[str], trunk_group: str) -> tuple[str, ...]:
        """Of these sites, in this order, those that have an address; the dead ones last."""
        named = [one for one in dict.fromkeys(sites) if self.address(one, trunk_group) is not None]
        dead = [site for site in named if self._liveness.of(site) is Liveness.DEAD]
        return (*(site for site in named if site not in dead), *dead)

    def address(self, site: str, trunk_group: str) -> Address | None:
        """Where calls on this trunk group arrive at a site, as a name where the table has one (port
        0: by SRV); None: the site table does not say."""
        documents, key = self._active.documents, (site, trunk_group)
        if documents is None:
            return None
        return documents.names.get(key) or documents.addresses.get(key)

    def _change(self, documents: NetworkDocuments) -> None:
        self._of = documents
        self._serving = {}
        self._reader = NumberReader(
            site="",
            plans=documents.dial_plans.values(),
            services=documents.services,
            calendars=self._active.hours.calendars,
        )

    def _all_serving(self, service: str) -> tuple[str, ...]:
        documents = self._active.documents
        known = documents.services.get(service) if documents else None
        if documents is None or known is None:
            return ()
        found = self._serving.get(service)
        if found is None:
            found = self._serving[service] = tuple(
                name
                for name, site in sorted(documents.sites.items())
                if not site.spec.queues
                or any(
                    service in queue.services
                    or (not queue.services and queue.name == known.spec.queue)
                    for queue in site.spec.queues
                )
            )
        return found
