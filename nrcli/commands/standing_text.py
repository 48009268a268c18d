"""Says in words at which tier a site is, and when it was without NIRC.

Rule of this file: it words what the node said, and reckons only which of two times is
longer.
"""

from nrcli.wire.api_models import SiteOutage, SiteSummary

TIERS = {0: "0 full", 1: "1 leader changing", 2: "2 peer plan", 3: "3 local only"}


def tier_text(site: SiteSummary) -> str:
    """The tier now, and for how long; empty where it is not known."""
    if site.tier is None:
        return ""
    return f"{TIERS.get(site.tier, str(site.tier))} for {_span(site.tier_for_s or 0.0)}"


def outage_text(outage: SiteOutage) -> str:
    """One time without NIRC.

    >>> outage_text(SiteOutage(began_for_s=200, lasted_s=70, peer_plan_s=68, plan_calls_count=3))
    '70 s by the peer plan until 130 s ago, 3 callers moved'
    """
    how = "by the peer plan" if outage.peer_plan_s >= outage.local_only_s else "at home only"
    if not outage.peer_plan_s + outage.local_only_s:
        how = "without a leader"
    ended_s = max(0.0, outage.began_for_s - outage.lasted_s)
    when = f"until {_span(ended_s)} ago" if outage.over else "up to now"
    count = outage.plan_calls_count + outage.blind_calls_count
    moved = f"{count or 'no'} caller{'' if count == 1 else 's'} moved"
    blind = f", {outage.blind_calls_count} of them blindly" if outage.blind_calls_count else ""
    return f"{_span(outage.lasted_s)} {how} {when}, {moved}{blind}"


def last_outage(site: SiteSummary) -> str:
    """The newest time without NIRC; empty: none is known."""
    return outage_text(site.outages[0]) if site.outages else ""


def standing_lines(site: SiteSummary) -> list[str]:
    """What a site would do without NIRC, and when it had to."""
    lines = []
    if site.tier is not None or site.plan_serial:
        state = "" if site.plan_usable else ", OVER: publish a newer one"
        serial = f"serial {site.plan_serial}{state}" if site.plan_serial else "none"
        lines.append(f"peer plan: {serial}")
    if site.blind_share_percents:
        shares = ", ".join(f"{name} {part} %" for name, part in site.blind_share_percents.items())
        lines.append(f"blind share: {shares}")
    return [*lines, *(f"without NIRC: {outage_text(one)}" for one in site.outages)]


def _span(seconds: float) -> str:
    """A time for a person: seconds up to two minutes, then minutes, hours, days."""
    for unit, size, most in (("s", 1, 120), ("min", 60, 7_200), ("h", 3_600, 172_800)):
        if seconds < most:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds / 86_400:.0f} days"
