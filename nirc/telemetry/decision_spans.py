"""Makes a span of a decision: the leader's part of a call's trace.

Rule of this file: pure. The span it belongs to is made by the site that asked, or where the caller
waits, under an id that both work out alike; neither the caller's number nor the agent goes into it.
"""

from nirc.core.actions import DecisionRecord
from nirc.core.choice import SHADOW
from nrcli.telemetry.call_traces import (
    Sampler,
    Side,
    Span,
    Value,
    decide_span,
    entry_span,
    route_span,
    trace_of,
)

EDGE = "("
"An edge's name stands in brackets. It makes no spans: a decision for it begins its trace."
FAILED = ("deadline", "not_leading", "redirect_default")


def span_of_decision(record: DecisionRecord, at_unix_s: float, sampler: Sampler) -> Span | None:
    """The span of a decision that was made at `at_unix_s`; None where the call is not traced, and
    of a shadow, which decides nothing."""
    if record.mode == SHADOW or not sampler.takes(record.interaction_id):
        return None
    epoch = record.epoch
    return Span(
        trace=trace_of(record.interaction_id),
        id=decide_span(record.request_id, epoch.generation, epoch.revision),
        parent=_parent(record),
        name="decide",
        began_unix_s=at_unix_s - record.took_s,
        ended_unix_s=at_unix_s,
        side=Side.SERVER,
        attributes=_attributes(record),
        problem=record.outcome if record.outcome in FAILED else "",
    )


def _parent(record: DecisionRecord) -> int:
    if record.entry_id:
        return entry_span(record.entry_id)
    of_edge = record.origin_site.startswith(EDGE) or record.outcome.startswith("redirect")
    return 0 if of_edge else route_span(record.request_id)


def _attributes(record: DecisionRecord) -> dict[str, Value]:
    given: dict[str, Value] = {
        "nirc.request": record.request_id,
        "nirc.decision": record.decision_id,
        "nirc.origin": record.origin_site,
        "nirc.service": record.service,
        "nirc.domain": record.domain,
        "nirc.epoch": str(record.epoch),
        "nirc.policy": record.policy,
        "nirc.version": record.policy_version,
        "nirc.mode": record.mode,
        "nirc.outcome": record.outcome,
        "nirc.target": record.target_site,
        "nirc.queue": record.queue,
        "nirc.handler": record.handler,
        "nirc.refusals": "; ".join(record.refusals),
    }
    return {name: value for name, value in given.items() if value != ""}
