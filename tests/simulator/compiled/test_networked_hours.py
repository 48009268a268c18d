"""Calendars as stretches say what the calendars say."""

from __future__ import annotations

from dataclasses import replace

from sim_models import HEAD, network

from routing_policies.calendars import Calendar, unix_s_of
from routing_policies.document import assemble
from simulator.compiled import networked_layout as n
from simulator.compiled.networked_hours import Hours, stretches_of
from simulator.compiled.policies import policies_of
from simulator.model.instants import US
from simulator.model.network import NetworkModel

OFFICE = """kind: Calendar
metadata: {name: office}
spec:
  time_zone: Europe/Lisbon
  hours: [{days: [mon, tue, wed, thu, fri], from: "09:00", to: "17:30"}]
  holidays: {country: PT}
"""
POLICY = """kind: RoutingPolicy
metadata: {name: default}
spec:
  rules:
    - {name: open, when: 'calendar("office").open', select: rotary, action: route}
"""


def _model() -> NetworkModel:
    """Four days from the eve of a holiday on."""
    model = network((1, 1))
    more = {"Calendar/office": OFFICE, "RoutingPolicy/default": POLICY}
    texts = dict(model.documents.texts) | {key: (HEAD + text, 1) for key, text in more.items()}
    start = unix_s_of("2026-12-23T12:00", "Europe/Lisbon")
    days = 4 * 86_400 * US
    documents = assemble(texts, 1)
    return replace(model, documents=documents, start_unix_s=start, duration_us=days, drain_us=0)


def test_a_stretch_says_what_the_calendar_says_at_each_of_its_instants() -> None:
    model = _model()
    calendar = Calendar(model.documents.calendars["office"])
    stretches = stretches_of(model, "office")
    ends = [one[0] for one in stretches[1:]]
    for (since, is_open, holiday, change), until in zip(stretches, ends, strict=False):
        for at in (since, (since + until) / 2, until - 1e-3):
            state = calendar.state(at)
            assert (state.open, bool(state.holiday)) == (is_open, holiday)
            assert (state.closes_in_s if state.open else state.opens_in_s) == change - at
    assert [one[2] for one in stretches if one[2]] == [1.0]
    assert stretches_of(model, "none") == []


def test_a_policy_reads_calendars_in_its_own_columns() -> None:
    model = _model()
    hours = Hours(model, policies_of(model))
    assert hours.count == 1
    assert hours.features[0, n.HC_KIND] == n.IS_OPEN
