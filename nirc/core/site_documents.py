"""Decides which documents a site is sent: what it needs to route its calls by itself.

Rule of this file: a site gets its own Site, the peer plan, its tenant, the services it serves or
its tenant has, its own number pools, the handlers it may send callers to (if its agent knows what
that is), and every calendar and dialed number plan, as they were written; on link up, and when they
changed.
What would be too large is left out from the end of that list, and told to a person.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from hashlib import blake2b

from nirc.core.actions import Action, SendToSite
from nirc.core.alarms import Alarms
from nirc.core.settings import RouterSettings
from nrcli.wire.messages import SiteDocuments
from routing_policies.document import NetworkDocuments
from routing_policies.kinds_base import ANY_SITE

ALARM = "site_documents_too_large"


class SiteDocumentSender:
    """What each site was sent."""

    __slots__ = ("_alarms", "_encoded", "_plans", "_plans_of", "_reads", "_sent", "_settings")

    def __init__(
        self,
        settings: RouterSettings,
        alarms: Alarms,
        reads_handlers: Callable[[str], bool] = lambda site: False,
    ) -> None:
        """`reads_handlers`: does the agent of this site know what a handler is."""
        self._reads = reads_handlers
        self._settings = settings
        self._alarms = alarms
        self._encoded: dict[tuple[str, str], str] = {}
        "By (kind/name, text): the document as a member of a JSON object."
        self._sent: dict[str, bytes] = {}
        "Digest by site."
        self._plans: list[str] = []
        "Keys of peer plans in the set below: looked for once, not for each of hundreds of sites."
        self._plans_of: NetworkDocuments | None = None

    def link_up(self, site: str, documents: NetworkDocuments | None, out: list[Action]) -> None:
        """Its stream stands: whatever it was sent before, it may have lost."""
        self._sent.pop(site, None)
        if documents is not None:
            self._send(site, documents, out)

    def changed(
        self, sites: tuple[str, ...], documents: NetworkDocuments, out: list[Action]
    ) -> None:
        """Another set is in use: those hear of it for whom something changed."""
        current = {(key, text) for key, (text, _) in documents.texts.items()}
        self._encoded = {key: part for key, part in self._encoded.items() if key in current}
        for site in sites:
            self._send(site, documents, out)

    def _send(self, site: str, documents: NetworkDocuments, out: list[Action]) -> None:
        told = self._of(site, documents, out)
        if not documents.site_table and not told:
            return
        digest = blake2b(told + documents.site_table, digest_size=16).digest()
        if self._sent.get(site) == digest:
            return
        self._sent[site] = digest
        message = SiteDocuments(
            revision=documents.revision, site_table=documents.site_table, documents=told
        )
        out.append(SendToSite(site=site, message=message))

    def _of(self, site: str, documents: NetworkDocuments, out: list[Action]) -> bytes:
        """The documents as JSON; empty where the site is none of the network."""
        most, size = self._settings.site_documents_bytes_max, 2
        parts: list[str] = []
        left_out: list[str] = []
        if documents is not self._plans_of:
            self._plans_of, self._plans = documents, plan_keys(documents)
        keys = keys_of(site, documents, self._plans)
        if self._reads(site):
            keys += handler_keys(site, documents)
        for key in keys:
            part = self._member(key, documents)
            size += len(part) + 1
            if left_out or size > most:
                left_out.append(key)
            else:
                parts.append(part)
        if left_out:
            text = (
                f"its documents are larger than {most} bytes: not sent {', '.join(left_out[:5])}"
                f" ({len(left_out)} in all); shorten number lists, or use prefixes such as +351210*"
            )
            self._alarms.raise_(ALARM, site, text, out)
        else:
            self._alarms.clear(ALARM, site, out)
        return ("{" + ",".join(parts) + "}").encode("ascii") if parts else b""

    def _member(self, key: str, documents: NetworkDocuments) -> str:
        text, _ = documents.texts[key]
        part = self._encoded.get((key, text))
        if part is None:
            part = self._encoded[(key, text)] = f"{json.dumps(key)}:{json.dumps(text)}"
        return part


def plan_keys(documents: NetworkDocuments) -> list[str]:
    """`kind/name` of every peer plan; looks at all documents."""
    return [key for key in documents.texts if key.startswith("PeerPlan/")]


def handler_keys(site: str, documents: NetworkDocuments) -> list[str]:
    """`kind/name` of the handlers that a site may send callers to."""
    return [
        f"Handler/{name}"
        for name, handler in sorted(documents.handlers.items())
        if any(way.site in (site, ANY_SITE) for way in handler.spec.ways)
    ]


def keys_of(site: str, documents: NetworkDocuments, plans: Sequence[str]) -> list[str]:
    """`kind/name` of what a site is sent, the most needed first; `plans` as of `plan_keys`."""
    known = documents.sites.get(site)
    if known is None:
        return []
    served = {name for queue in known.spec.queues for name in queue.services}
    services = [
        service.name
        for service in documents.services.values()
        if service.name in served or service.spec.tenant == known.spec.tenant
    ]
    pools = sorted(documents.pools.items())
    own_pools = [name for name, pool in pools if pool.spec.site == site]
    keys = [
        f"Site/{site}",
        *plans,
        *(f"Calendar/{name}" for name in sorted(documents.calendars)),
        *(f"NetworkService/{name}" for name in sorted(services)),
        *(f"DialedNumberPlan/{name}" for name in sorted(documents.dial_plans)),
        *(f"NumberPool/{name}" for name in own_pools),
        f"Tenant/{known.spec.tenant}",
    ]
    return [key for key in keys if key in documents.texts]
