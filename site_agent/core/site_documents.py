"""The documents this site works with: its own Site, calendars, services, number plans and lists.

Rule of this file: NIRC carries them, the site checks them again and keeps them on disk, so that it
starts without NIRC as it stopped. A document that is refused raises an alarm and leaves its last
good version in use; one that is no longer sent is gone.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from routing_policies.calendars import Calendar
from routing_policies.call_numbers import NumberReader
from routing_policies.errors import DocumentError, Fault
from routing_policies.kinds import (
    AnyDocument,
    CalendarDoc,
    DialedNumberPlanDoc,
    HandlerDoc,
    NumberPoolDoc,
    ServiceDoc,
    SiteDoc,
    TenantDoc,
)
from routing_policies.loading import load_document
from routing_policies.number_lists import IndexedList, indexed
from site_agent.adapters.base import WatchNumbers
from site_agent.core.actions import SaveSiteDocuments, UseNumbers
from site_agent.core.outbox import Outbox

ALARM = "site_documents"
PEER_PLAN = "PeerPlan/"
"It has a file of its own, for it must be signed, and is not given up because NIRC sends none."
CLOCK_STEP_S = 0.5
"The ACD is told of the clock on the wall when it moved by more than this."
D = TypeVar("D", bound=AnyDocument)


class SiteDocuments:
    """What is in use, by kind; everything is replaced at once."""

    __slots__ = (
        "_changed",
        "_documents",
        "_last_told",
        "_out",
        "_plan_told",
        "_pooled",
        "_pools_told",
        "_revision",
        "_site",
        "_texts",
        "_told_offset_s",
        "_unix_offset_s",
        "_watched_also",
        "calendars",
        "handlers",
        "lists",
        "numbers",
        "services",
        "site",
    )

    def __init__(self, site: str, out: Outbox, unix_offset_s: float) -> None:
        self._site = site
        self._out = out
        self._revision = -1
        self._last_told = b""
        self._texts: dict[str, str] = {}
        self._documents: dict[str, AnyDocument] = {}
        self._unix_offset_s = self._told_offset_s = unix_offset_s
        self._changed: Callable[[float], None] = lambda now_s: None
        self._plan_told: Callable[[str, float], None] = lambda text, now_s: None
        self._pools_told: Callable[[Iterable[NumberPoolDoc]], None] = lambda pools: None
        self._pooled: frozenset[str] = frozenset()
        self._watched_also: frozenset[str] = frozenset()
        self.site: SiteDoc | None = None
        "This site's own document; None where NIRC sent none."
        self.services: Mapping[str, ServiceDoc] = {}
        self.calendars: Mapping[str, Calendar] = {}
        self.handlers: Mapping[str, HandlerDoc] = {}
        "Voicemail and the like, to which this site may send callers."
        self.lists: Mapping[str, IndexedList] = {}
        "Number lists of the site's tenant."
        self.numbers: NumberReader | None = None
        "None: no dialed number plan is in use."

    def join(
        self,
        changed: Callable[[float], None],
        plan_told: Callable[[str, float], None] = lambda text, now_s: None,
        pools_told: Callable[[Iterable[NumberPoolDoc]], None] = lambda pools: None,
    ) -> None:
        """Name what is called after each change, with the time, and what takes the peer plan and
        the number pools; once, before the first event."""
        self._changed, self._plan_told, self._pools_told = changed, plan_told, pools_told

    def stored(self, documents: bytes) -> None:
        """What was kept on disk at the last run; once, before the first event."""
        if documents:
            self._take(documents)

    def told(self, revision: int, documents: bytes, now_s: float) -> None:
        """A node carried the documents: newer ones replace those in use, and are kept on disk.

        Of one revision the last word counts: emergency controls change what sites are sent of
        documents that stay as published.
        """
        if revision < self._revision or not documents:
            return
        if revision == self._revision and documents == self._last_told:
            return
        self._revision, self._last_told = revision, documents
        if self._take(documents, now_s):
            self._out.do(SaveSiteDocuments(revision=revision, documents=self._kept()))
            self._changed(now_s)

    def wall_time(self, unix_s: float, now_s: float) -> None:
        """The clock on the wall was read."""
        self._unix_offset_s = unix_s - now_s
        if self.numbers and abs(self._unix_offset_s - self._told_offset_s) > CLOCK_STEP_S:
            self._tell_acd()

    @property
    def tenant(self) -> str:
        """Whose this site is; empty where NIRC sent no document of it."""
        return self.site.spec.tenant if self.site else ""

    def unix_s(self, now_s: float) -> float:
        """The clock on the wall at this moment."""
        return now_s + self._unix_offset_s

    def is_open(self, calendar: str, now_s: float) -> bool:
        """Is the calendar open now? One that is not known closes nothing."""
        found = self.calendars.get(calendar)
        return found is None or found.state(now_s + self._unix_offset_s).open

    def threshold_s(self, service: str) -> float | None:
        """Within how many seconds calls of a service are to be answered; None: nothing says so."""
        found = self.services.get(service)
        return None if found is None else found.spec.service_level.threshold_s

    def watch_also(self, numbers: frozenset[str]) -> None:
        """Besides the pools' numbers the ACD is to tell who calls these."""
        if numbers != self._watched_also:
            self._watched_also = numbers
            self._watch()

    # ---- inner -----------------------------------------------------------------------------

    def _take(self, documents: bytes, now_s: float | None = None) -> bool:
        """Use what is good of these; false if nothing could be read at all."""
        try:
            texts = _texts_of(documents)
        except ValueError as error:
            self._refuse(f"kept the old documents: what NIRC sent cannot be read: {error}")
            return False
        for key in [key for key in texts if key.startswith(PEER_PLAN)]:
            plan = texts.pop(key)
            if now_s is not None:
                self._plan_told(plan, now_s)
        faults: list[str] = []
        found: dict[str, AnyDocument] = {}
        kept: dict[str, str] = {}
        for key, text in sorted(texts.items()):
            try:
                same = self._texts.get(key) == text
                found[key] = self._documents[key] if same else _checked(key, text)
                kept[key] = text
            except DocumentError as error:
                faults.append(str(error))
                if key in self._documents:
                    found[key], kept[key] = self._documents[key], self._texts[key]
        self._documents, self._texts = found, kept
        self._put_in_use()
        if faults:
            self._refuse("kept the last good version of what is wrong: " + "; ".join(faults))
        else:
            self._out.clear(ALARM, self._site)
        return True

    def _refuse(self, text: str) -> None:
        self._out.count("site_documents_refused")
        self._out.alarm(ALARM, self._site, text)

    def _kept(self) -> bytes:
        return json.dumps(self._texts, sort_keys=True).encode("utf-8")

    def _put_in_use(self) -> None:
        had_numbers = self.numbers is not None
        sites = self._of(SiteDoc)
        self.site = sites.get(self._site)
        self.services = self._of(ServiceDoc)
        self.calendars = {name: Calendar(found) for name, found in self._of(CalendarDoc).items()}
        self.handlers = self._of(HandlerDoc)
        plans = self._of(DialedNumberPlanDoc)
        own = self._of(TenantDoc).get(self.tenant or "default")
        lists = [indexed(one) for one in own.spec.lists] if own else []
        self.lists = {one.name: one for one in lists}
        self.numbers = None
        if plans:
            self.numbers = NumberReader(
                site=self._site,
                plans=plans.values(),
                services=self.services,
                calendars=self.calendars,
                lists=lists,
                queues=self.site.spec.queues if self.site else (),
            )
        pools = [one for one in self._of(NumberPoolDoc).values() if one.spec.site == self._site]
        self._pools_told(pools)
        pooled = frozenset(number for one in pools for number in one.spec.numbers)
        if pooled != self._pooled:
            self._pooled = pooled
            self._watch()
        if had_numbers or self.numbers:
            self._tell_acd()

    def _watch(self) -> None:
        self._out.do(WatchNumbers(numbers=tuple(sorted(self._pooled | self._watched_also))))

    def _tell_acd(self) -> None:
        self._told_offset_s = self._unix_offset_s
        self._out.do(UseNumbers(numbers=self.numbers, unix_offset_s=self._unix_offset_s))

    def _of(self, kind: type[D]) -> dict[str, D]:
        """Documents of one kind, by name."""
        return {one.name: one for one in self._documents.values() if isinstance(one, kind)}


def _texts_of(documents: bytes) -> dict[str, str]:
    """JSON of `kind/name` to YAML text. Raises ValueError."""
    try:
        read = json.loads(documents)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    if not isinstance(read, dict) or not all(isinstance(text, str) for text in read.values()):
        raise ValueError("it is no table of texts")
    return read


def _checked(key: str, text: str) -> AnyDocument:
    """One document. Raises DocumentError."""
    document = load_document(text, source=key)
    if key != f"{document.kind}/{document.name}":
        problem = f"holds {document.kind}/{document.name}"
        remedy = "store it under its own kind and name"
        raise DocumentError(
            Fault(source=key, line=0, place="metadata.name", problem=problem, remedy=remedy)
        )
    return document
