"""Tells that an edge is configured with a trunk group on which no site can be reached.

Rule of this file: settings are checked without documents, so the first question of such an edge is
where it can be known; what is said names the setting and what it could be.
"""

from __future__ import annotations

from nirc.core.actions import Action
from nirc.core.parts import Parts
from routing_policies.errors import nearest

ALARM = "pre_route_group_unknown"
NO_SITE = "no site that serves it is open to calls on trunk group {group}: see `nrcli sites`"


def tell_group(
    parts: Parts, client: str, group: str, *, found: bool, now_s: float, out: list[Action]
) -> str:
    """Raise or end the alarm of one edge; the remedy where no address was found for its call."""
    if found:
        parts.alarms.clear(ALARM, client, out)
        return ""
    documents = parts.active.documents
    known = sorted({one for _, one in documents.addresses}) if documents else []
    if group in known:
        return NO_SITE.format(group=group)
    near = nearest(group, known)
    meant = f"did you mean {near}?" if near else f"it names {', '.join(known) or 'none'}"
    edge = client.strip("()")
    text = f"edge {edge}: the SiteTable has no address on trunk group {group} ({meant})"
    parts.alarms.raise_event(ALARM, client, text, now_s, out)
    return f"correct pre_route.clients (name: {edge}) of the node's settings: {text}"
