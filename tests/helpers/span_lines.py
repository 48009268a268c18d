"""Lines of a site's history as spans: what one site tells of a call."""

from __future__ import annotations

from nrcli.telemetry.call_traces import Sampler, Span
from site_agent.spans.site_spans import SiteSpans

SESSION = "0123456789abcdef0123456789abcdef"
TOKEN = "nirc-abcdefghijklmnopqrstuvwxyz"
OFFSET_S = 1_000_000.0

Line = tuple[float, str, dict[str, str | int | float | bool]]


def line(at_s: float, kind: str, **fields: str | int | float | bool) -> Line:
    return (at_s, kind, fields)


def of_call(at_s: float, kind: str, call: str = "c1", **fields: str | int | float | bool) -> Line:
    return (at_s, kind, {"call": call, "interaction": SESSION, **fields})


def offered(at_s: float = 1.0, call: str = "c1") -> Line:
    return of_call(at_s, "call_offered", call, queue="sales", trunk_group="carrier")


def ended(at_s: float, call: str = "c1", by: str = "caller") -> Line:
    return of_call(at_s, "call_ended", call, released_by=by, sip_status=0, agent="ana")


def hold(at_s: float) -> Line:
    return line(
        at_s,
        "hold",
        token=TOKEN,
        agent="dora",
        number="+351210000001",
        queue="sales",
        request="r1",
        interaction=SESSION,
        generation=1,
        revision=5,
        origin="lisbon",
        expires_s=5.0,
    )


def spans_of(*lines: Line, site: str = "lisbon", open_max: int = 100) -> dict[str, Span]:
    """The spans that ended, by name; each name once."""
    found = all_spans(*lines, site=site, open_max=open_max)
    assert len({span.name for span in found}) == len(found), [span.name for span in found]
    return {span.name: span for span in found}


def all_spans(*lines: Line, site: str = "lisbon", open_max: int = 100) -> list[Span]:
    made = SiteSpans(site, Sampler(1.0), open_max)
    return [
        span for at_s, kind, fields in lines for span in made.take(kind, fields, at_s, OFFSET_S)
    ]
