"""Erlang A against 50-digit sums, the reference table, and limits."""

from decimal import Decimal, getcontext

import pytest

from simulator.theory.erlang_a import impatient
from simulator.theory.erlang_c import waiting

getcontext().prec = 60


def sums(servers: int, load: str, patience: str) -> tuple[Decimal, Decimal, Decimal]:
    """(waiting share, mean queue, mean wait of the answered in handle times), state by state."""
    a, theta = Decimal(load), 1 / Decimal(patience)
    below, weight = Decimal(0), Decimal(1)
    for n in range(servers):
        below += weight
        weight = weight * a / (n + 1)
    above, queue, answered, j, departures = Decimal(0), Decimal(0), Decimal(0), 0, Decimal(0)
    while j < 10 or weight > Decimal(10) ** -55 * above:
        above += weight
        queue += j * weight
        departures += 1 / (servers + (j + 1) * theta)
        # Who finds j waiting is answered with chance n / (n + (j + 1) theta).
        answered += weight * departures * servers / (servers + (j + 1) * theta)
        j += 1
        weight = weight * a / (servers + j * theta)
    total = below + above
    mean_queue = queue / total
    lost = mean_queue * theta / a
    return above / total, mean_queue, answered / total / (1 - lost)


@pytest.mark.parametrize(
    ("servers", "load", "patience"),
    [(1, "0.8", "1"), (50, "48", "2"), (5, "9", "3"), (30, "20", "0.1"), (100, "140", "20")],
)
def test_agrees_with_fifty_digits(servers: int, load: str, patience: str) -> None:
    found = impatient(servers, float(load), 60.0, 60.0 * float(patience))
    share, queue, answered = sums(servers, load, patience)
    assert found.waiting_share == pytest.approx(float(share), rel=1e-11)
    assert found.mean_queue == pytest.approx(float(queue), rel=1e-11)
    assert found.asa_answered_s == pytest.approx(60.0 * float(answered), rel=1e-10)


def test_the_reference_table() -> None:
    found = impatient(50, 48.0, 60.0, 120.0)
    assert found.abandonment == pytest.approx(0.0309122, abs=5e-8)
    assert found.asa_s == pytest.approx(3.7095, abs=5e-5)
    assert found.mean_queue == pytest.approx(2.9676, abs=5e-5)
    assert found.occupancy == pytest.approx(0.93032, abs=5e-6)
    assert found.answered_within(20.0) == pytest.approx(0.943019, abs=5e-7)
    whitt = impatient(100, 102.0, 1.0, 1.0)
    assert 1 - whitt.waiting_share == pytest.approx(0.4083, abs=5e-5)
    assert whitt.abandonment == pytest.approx(0.0499, abs=5e-5)
    assert whitt.mean_queue == pytest.approx(5.092, abs=5e-4)


def test_what_is_answered_and_given_up_is_all() -> None:
    found = impatient(30, 33.0, 180.0, 120.0)
    assert found.answered_within(0.0) == pytest.approx(1 - found.waiting_share)
    assert found.answered_within(1e5) == pytest.approx(1 - found.abandonment)
    assert found.abandoned_within(1e5) == pytest.approx(found.abandonment)
    assert found.abandoned_within(0.0) == pytest.approx(0.0, abs=1e-12)
    parts = (
        found.abandonment * found.asa_abandoned_s + (1 - found.abandonment) * found.asa_answered_s
    )
    assert parts == pytest.approx(found.asa_s)
    assert found.abandonment_waiting == pytest.approx(found.abandonment / found.waiting_share)
    assert found.offered_longer_than(60.0) > found.longer_than(60.0)


def test_percentiles_invert_the_distributions() -> None:
    found = impatient(10, 12.0, 180.0, 240.0)
    for share in (0.3, 0.9, 0.99):
        assert 1 - found.longer_than(found.percentile_s(share)) == pytest.approx(share)
        at_s = found.percentile_answered_s(share)
        assert found.answered_within(at_s) / (1 - found.abandonment) == pytest.approx(share)
    assert impatient(100, 10.0, 60.0, 60.0).percentile_s(0.9) == 0.0


def test_endless_patience_is_erlang_c() -> None:
    found, limit = impatient(20, 18.0, 60.0, 6e9), waiting(20, 18.0, 60.0)
    assert found.waiting_share == pytest.approx(limit.waiting_share, rel=1e-5)
    assert found.asa_s == pytest.approx(limit.asa_s, rel=1e-5)


def test_large_and_overloaded_queues_keep_their_digits() -> None:
    twice = impatient(5_000, 10_000.0, 180.0, 3_600.0)
    assert twice.abandonment == pytest.approx(0.5)
    assert twice.asa_s == pytest.approx(1_800.0)
    light = impatient(3_000, 10.0, 180.0, 60.0)
    assert light.waiting_share == light.asa_s == light.abandonment == light.asa_abandoned_s == 0.0
