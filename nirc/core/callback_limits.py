"""Says whether one more caller of a tenant may be promised to be called back.

Rule of this file: promises are counted from what the sites report; the site that would give one has
its own bound beside this.
"""

from __future__ import annotations

from nirc.core.parts import Parts


def callback_refusal(parts: Parts, service: str) -> str:
    """Empty, or why nobody of this service's tenant can be promised it now."""
    if not parts.network.dialing_rows:
        return "callback: no site calls anybody back"
    documents = parts.active.documents
    services = documents.services if documents else {}
    known = services.get(service)
    tenant = known.spec.tenant if known else ""
    waiting = sum(
        count
        for name, count in parts.queue.callback_counts().items()
        if name == service or ((other := services.get(name)) and other.spec.tenant == tenant)
    )
    if waiting >= parts.settings.callbacks_per_tenant_max:
        return f"callback: {waiting} callers of this tenant are to be called back already"
    return ""
