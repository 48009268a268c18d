"""Traces of a simulated network: what its real routers and site daemons told, as spans."""

from __future__ import annotations

from joint_network import JointNode
from joint_sites import JointWorld

from nirc.core.actions import DecisionRecord
from nirc.telemetry.decision_spans import span_of_decision
from nrcli.telemetry.call_traces import Sampler, Span
from site_agent.spans.site_spans import SiteSpans

ALL = Sampler(1.0)


class Decisions:
    """Spans of decisions, told by every node of a world from now on."""

    def __init__(self, world: JointWorld) -> None:
        self.world = world
        self.spans: list[Span] = []
        for node in world.network.nodes.values():
            self._listen(node)

    def _listen(self, node: JointNode) -> None:
        plain = node._decided

        def decided(record: DecisionRecord) -> None:
            span = span_of_decision(record, self.world.now_s, ALL)
            self.spans += [span] if span else []
            plain(record)

        node._decided = decided  # type: ignore[method-assign]


def spans_of_sites(world: JointWorld) -> list[Span]:
    """What the sites told of a world that ran."""
    made = {name: SiteSpans(name, ALL, 10_000) for name in world.sites}
    found: list[Span] = []
    for line in world.history:
        if line["site"]:
            fields = {key: value for key, value in line.items() if key not in WHERE}
            found += made[line["site"]].take(line["kind"], fields, line["at_s"], 0.0)
    left = [key for one in made.values() for key in one._spans._open]
    assert not left, f"begun and never ended: {left}"
    return found


WHERE = ("at_s", "site", "kind")


def tree(spans: list[Span]) -> list[str]:
    """`name at site` of each span under its parent, as lines that are indented; children in order
    of their beginning. Fails if a parent is missing or an id stands twice."""
    by_id = {span.id: span for span in spans}
    assert len(by_id) == len(spans), "an id stands twice"
    missing = [span.name for span in spans if span.parent and span.parent not in by_id]
    assert not missing, f"no parent of {missing}"
    lines: list[str] = []

    def add(parent: int, depth: int) -> None:
        for span in sorted(spans, key=lambda one: (one.began_unix_s, one.name)):
            if span.parent == parent:
                site = span.attributes.get("nirc.site", "leader")
                lines.append(f"{'  ' * depth}{span.name} at {site}")
                add(span.id, depth + 1)

    add(0, 0)
    assert len(lines) == len(spans), "a circle"
    return lines
