"""Says which queues serve a service, and which calendars say when: what a control closes.

Rule of this file: pure, and from documents alone.
"""

from __future__ import annotations

from routing_policies.document import NetworkDocuments, ServiceDoc, SiteDoc


def queues_of(site: SiteDoc, service: ServiceDoc) -> tuple[str, ...]:
    """The queues in which a site serves a service, as its document says."""
    listed = [one.name for one in site.spec.queues if service.name in one.services]
    if listed:
        return tuple(listed)
    plain = [one.name for one in site.spec.queues if not one.services]
    if not site.spec.queues or service.spec.queue in plain:
        return (service.spec.queue,)
    return ()


def calendar_of(site: SiteDoc, queue: str) -> str:
    """Name of the calendar that holds for a queue of a site; empty for none."""
    own = next((one.calendar for one in site.spec.queues if one.name == queue), None)
    return own or site.spec.calendar or ""


def holiday_calendars(documents: NetworkDocuments, of: str, name: str) -> set[str]:
    """The calendars of one name, of one service (at whichever site), or all."""
    if of == "calendar":
        return {name} & documents.calendars.keys()
    if of != "service":
        return set(documents.calendars)
    known = documents.services.get(name)
    if known is None:
        return set()
    found = {
        calendar_of(site, queue)
        for site in documents.sites.values()
        for queue in queues_of(site, known)
    }
    return found & documents.calendars.keys()
