"""Reads out of a caller's INVITE what its record keeps besides.

Rule of this file: names and numbers as they were sent, cut to a length; nothing is decided by them.
"""

from __future__ import annotations

import re

from site_agent.adapters.base import LegFacts
from site_agent.adapters.sip_acd.calls import Call

TEXT_CHARS_MAX = 128
_TAG = re.compile(r";\s*tag=([^;,\s]+)", re.IGNORECASE)
_ICID = re.compile(r'icid-value\s*=\s*(?:"([^"]*)"|([^;,\s]+))', re.IGNORECASE)
_USER = re.compile(r"(?:sips?|tel):([^@;>\s?]+)", re.IGNORECASE)


def facts_of(call: Call, now_s: float) -> LegFacts:
    """The facts of the leg that brought a caller; of one who shows no number, none."""
    headers = call.invite.headers
    charging = _ICID.search(headers.get("P-Charging-Vector") or "")
    asserted = headers.get("P-Asserted-Identity") or headers.get("From") or ""
    return LegFacts(
        from_tag=_found(_TAG, headers.get("From") or ""),
        session_id=_cut((headers.get("Session-ID") or "").partition(";")[0].strip()),
        icid=_cut(charging[1] or charging[2] or "") if charging else "",
        ani_received=_found(_USER, asserted) if call.ani else "",
        dialed_received=_found(_USER, call.invite.uri_text),
        set_up_ago_s=max(0.0, now_s - call.started_at_s),
    )


def _found(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return _cut(match[1]) if match else ""


def _cut(text: str) -> str:
    return text[:TEXT_CHARS_MAX]
