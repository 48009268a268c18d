"""Expected calls, by pieces of the run."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from scenario_texts import spec_of

from simulator.model.instants import US
from simulator.scenarios.rates import Piece, expected_calls, pieces_of


def pieces(chunk: str) -> list[Piece]:
    spec = spec_of(chunk)
    return list(pieces_of(spec, spec.arrivals[0], Path()))


def test_a_constant_rate_is_one_piece_a_day() -> None:
    found = pieces("duration_s: 172800\narrivals: [{ingress: line, per_s: 0.5}]")
    assert [piece.calls for piece in found] == [43_200.0, 43_200.0]
    assert [piece.day for piece in found] == [date(2026, 3, 2), date(2026, 3, 3)]


def test_a_profile_begins_when_it_says_and_is_cut_at_the_end() -> None:
    found = pieces(
        "start: '2026-03-02T08:30:00'\nduration_s: 3600\n"
        "arrivals: [{ingress: line, profile: {begins: '08:00', interval_s: 3600, calls: [10, 40]}}]"
    )
    assert [(p.from_us, p.to_us, p.calls) for p in found] == [
        (0, 1800 * US, 5.0),
        (1800 * US, 3600 * US, 20.0),
    ]


def test_a_profile_moved_past_midnight_comes_in_again() -> None:
    found = pieces(
        "duration_s: 86400\narrivals:\n"
        "  - {ingress: line, profile: {interval_s: 43200, calls: [10, 20], later_s: 21600}}"
    )
    assert [(p.from_us // US, p.to_us // US, p.calls) for p in found] == [
        (0, 21_600, 10.0),
        (21_600, 64_800, 10.0),
        (64_800, 86_400, 10.0),
    ]


def test_days_special_days_and_bursts() -> None:
    base = "duration_s: 172800\nspecial_days: [{date: '2026-03-03', factor: 0.5}]\n"
    assert [p.calls for p in pieces(base + "arrivals: [{ingress: line, per_s: 1}]")] == [
        86_400.0,
        43_200.0,
    ]
    assert pieces(base + "arrivals: [{ingress: line, per_s: 1, days: [sun]}]") == []
    burst = pieces(base + "arrivals: [{ingress: line, per_s: 1, from_s: 100, to_s: 160}]")
    assert [(p.from_us // US, p.to_us // US, p.calls) for p in burst] == [(100, 160, 60.0)]


def test_named_profiles_and_local_days() -> None:
    spec = spec_of(
        "duration_s: 86400\n"
        "profiles: [{name: day, interval_s: 3600, begins: '09:00', calls: [60]}]\n"
        "arrivals:\n"
        "  - {ingress: line, time_zone: Asia/Manila, profile: {name: day, factor: 2}}\n"
        "  - {ingress: line, records: {format: bank}}\n"
    )
    (piece,) = pieces_of(spec, spec.arrivals[0], Path())
    assert (piece.from_us // US, piece.calls) == (3600, 120.0)
    assert expected_calls(spec, spec.arrivals[0], Path()) == pytest.approx(120.0)
    assert expected_calls(spec, spec.arrivals[1], Path()) == 0


def test_a_day_with_a_change_of_clocks_loses_or_keeps_whole_intervals() -> None:
    profile = "profile: {interval_s: 3600, calls: [" + "1, " * 23 + "1]}"
    forward = pieces(
        "start: '2026-03-29T00:00:00'\ntime_zone: Europe/Lisbon\nduration_s: 82800\n"
        f"arrivals: [{{ingress: line, {profile}}}]"
    )
    assert sum(p.to_us - p.from_us for p in forward) == 82_800 * US
    assert sum(p.calls for p in forward) == 23
