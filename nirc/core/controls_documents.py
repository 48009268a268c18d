"""Says what the documents in use are while emergency controls are in force.

Rule of this file: pure; the documents as published are not touched. What it makes follows from them
and from the controls alone, never from the time, so that every node makes the same. Sites are sent
what is made here as they are sent all their documents.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from nirc.core.controls_calendars import calendar_of, holiday_calendars, queues_of
from nirc.core.controls_closing import always_open, closed_between, closed_on, text_of
from nirc.core.controls_kinds import told
from nrcli.wire.control_models import Control
from routing_policies.calendar_kinds import CalendarDoc
from routing_policies.document import NetworkDocuments, SiteDoc
from routing_policies.network_kinds import SiteQueue


@dataclass(slots=True)
class Controlled:
    """Documents under controls, and what of them no document can say."""

    documents: NetworkDocuments
    sites_barred: dict[str, str] = field(default_factory=dict)
    "Why a plan lets no call be moved to these sites."
    paths_off: dict[str, str] = field(default_factory=dict)
    "Why a plan lets no call be moved by these paths."
    closed: dict[str, dict[str, str]] = field(default_factory=dict)
    "Of closed services: each calendar of theirs, and the one that holds instead."


def controlled(documents: NetworkDocuments, controls: Iterable[Control]) -> Controlled:
    """The documents with what the controls change of them, oldest first."""
    found = Controlled(documents)
    for one in controls:
        if one.kind == "close":
            _close(found, one)
        elif one.kind == "holiday":
            _holiday(found, one)
        elif one.kind == "plan":
            _plan(found, one)
    return found


# ---- close ---------------------------------------------------------------------------------------


def _close(found: Controlled, control: Control) -> None:
    """The queues that serve a service are closed while the control lasts, at every site."""
    documents = found.documents
    service = documents.services.get(control.target.name)
    if service is None:
        return
    calendars: dict[str, CalendarDoc] = {}
    instead: dict[str, str] = {}
    "By name of the calendar that held; of none, by time zone."
    sites: dict[str, SiteDoc] = {}
    for published in documents.sites.values():
        site, queues = published, queues_of(published, service)
        for queue in queues:
            base = calendar_of(published, queue)
            key = base or f" {site.spec.time_zone}"
            if key not in instead:
                name = instead[key] = f"closed-{control.id.lower()[:12]}-{len(instead)}"
                held = documents.calendars.get(base) or always_open(name, site.spec.time_zone)
                calendars[name] = closed_between(
                    held, name, control.began_unix_s, control.ends_unix_s
                )
            site = _with_calendar(site, queue, instead[key], documents)
        if queues:
            sites[site.name] = site
    found.documents = _changed(documents, sites=sites, calendars=calendars)
    named = {base: name for base, name in instead.items() if not base.startswith(" ")}
    found.closed[service.name] = found.closed.get(service.name, {}) | named


def _with_calendar(
    site: SiteDoc, queue: str, calendar: str, documents: NetworkDocuments
) -> SiteDoc:
    """The site's document with another calendar for one queue."""
    queues = site.spec.queues
    if not queues:
        # It serves every service in the service's own queue: that must stay so.
        names = sorted({one.spec.queue for one in documents.services.values()})
        queues = tuple(SiteQueue(name=name) for name in names)
    changed = tuple(
        one.model_copy(update={"calendar": calendar}) if one.name == queue else one
        for one in queues
    )
    return site.model_copy(update={"spec": site.spec.model_copy(update={"queues": changed})})


# ---- holiday -------------------------------------------------------------------------------------


def _holiday(found: Controlled, control: Control) -> None:
    """Calendars are closed on the date at which the control began, each by its own clock."""
    documents, target = found.documents, control.target
    calendars = {
        name: closed_on(documents.calendars[name], control.began_unix_s)
        for name in sorted(holiday_calendars(documents, target.of, target.name))
    }
    found.documents = _changed(documents, calendars=calendars)


# ---- plan ----------------------------------------------------------------------------------------


def _plan(found: Controlled, control: Control) -> None:
    """What a Plan says, while it is activated; one that was removed says nothing."""
    documents = found.documents
    plan = documents.plans.get(control.target.name)
    if plan is None:
        return
    why = told(control)
    services = dict(documents.services)
    for one in plan.spec.service_policies:
        service = services.get(one.service)
        if service is not None:
            spec = service.spec.model_copy(update={"policy": one.policy})
            services[one.service] = service.model_copy(update={"spec": spec})
    found.documents = replace(documents, services=services)
    found.sites_barred |= dict.fromkeys(plan.spec.closed_sites, why)
    found.paths_off |= dict.fromkeys(plan.spec.paths_off, why)


def _changed(
    documents: NetworkDocuments,
    *,
    sites: Mapping[str, SiteDoc] | None = None,
    calendars: Mapping[str, CalendarDoc] | None = None,
) -> NetworkDocuments:
    """The set with these in place of those of the same name, and the texts that sites are sent."""
    texts = dict(documents.texts)
    found: list[SiteDoc | CalendarDoc] = [*(sites or {}).values(), *(calendars or {}).values()]
    for one in found:
        key = f"{one.kind}/{one.name}"
        texts[key] = (text_of(one), texts.get(key, ("", documents.revision))[1])
    return replace(
        documents,
        sites={**documents.sites, **(sites or {})},
        calendars={**documents.calendars, **(calendars or {})},
        texts=texts,
    )
