"""Arrivals as they are written."""

from __future__ import annotations

from scenario_texts import spec_of


def test_three_ways_of_arriving() -> None:
    spec = spec_of(
        "arrivals:\n"
        "  - {ingress: line, per_s: 0.5, from_s: 10, to_s: 20}\n"
        "  - {ingress: line, profile: {interval_s: 1800, calls: [1, 2.5]}, days: [mon]}\n"
        "  - {ingress: line, records: {format: bank, dates: ['1999-02-01']}}\n"
    )
    constant, profile, records = spec.arrivals
    assert (constant.per_s, constant.from_s, constant.to_s) == (0.5, 10, 20)
    assert profile.profile and profile.profile.calls == (1, 2.5) and profile.days == ("mon",)
    assert records.records and records.records.talk == "recorded"
