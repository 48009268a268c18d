"""The bank's month and year say what is known of them."""

import numpy as np
import pytest

from simulator.records.bank import ACKNOWLEDGEMENT, KEY_AHEAD_US, SKILLS, bank_calls, bank_year
from simulator.records.recorded import RecordedCalls

US = 1e6


@pytest.fixture(scope="module")
def month() -> RecordedCalls:
    return bank_calls()


def test_the_month_is_whole(month: RecordedCalls) -> None:
    assert (len(month), month.days_count, month.first_day.isoformat()) == (33_043, 28, "1999-02-01")
    assert set(month.services) == set(SKILLS)
    assert 24 <= len(np.unique(month.agent[month.agent >= 0])) <= 33


def test_waits_and_abandonment_are_the_known_ones(month: RecordedCalls) -> None:
    wait_s = month.wait_us / US
    abandoned = month.abandoned
    assert abandoned.mean() == pytest.approx(0.179, abs=0.0005)
    assert abandoned.sum() == 5_902
    assert (abandoned & (wait_s == 0)).sum() == 1_972
    assert (wait_s > 0).mean() == pytest.approx(0.545, abs=0.001)
    assert wait_s[month.served].mean() == pytest.approx(40.7, abs=0.05)
    patient = abandoned & (wait_s > 0)
    assert wait_s.sum() / patient.sum() == pytest.approx(347, abs=0.5)
    in_time, soon = month.served & (wait_s <= 20), abandoned & (wait_s <= 20)
    whole = len(month)
    assert in_time.sum() / whole == pytest.approx(0.491, abs=0.0005)
    assert in_time.sum() / (whole - soon.sum()) == pytest.approx(0.543, abs=0.0005)
    assert (in_time.sum() + soon.sum()) / whole == pytest.approx(0.587, abs=0.0005)


def test_services_and_quirks_are_the_known_ones(month: RecordedCalls) -> None:
    talk_s = month.talk_us[month.served] / US
    positive = talk_s[talk_s > 0]
    assert positive.mean() == pytest.approx(177, abs=0.5)
    assert positive.std() == pytest.approx(217, abs=0.5)
    assert (positive <= 10).mean() == pytest.approx(0.067, abs=0.0005)
    assert (month.agent[month.served] < 0).sum() == 491
    assert any("97 calls" in note for note in month.notes)
    assert set(month.talk_us[month.abandoned].tolist()) == {-1}


def test_key_customers_rank_ahead(month: RecordedCalls) -> None:
    assert (month.ahead_us == KEY_AHEAD_US).sum() == 8_998
    assert set(month.priority.tolist()) == {0}


def test_some_days_are_had_alone() -> None:
    days = bank_calls(days=[0, 2])
    assert set(days.day.tolist()) == {0, 2}
    assert len(days) == 1_547 + 1_938


def test_the_year_adds_up() -> None:
    year = bank_year()
    assert int(year.counts.sum()) == 445_369
    assert (len(year.days), year.slot_us) == (365, 360_000_000)


def test_who_prepared_the_data_is_acknowledged(month: RecordedCalls) -> None:
    for name in ("Mandelbaum", "Sakov", "Zeltyn", "Guedj", "Technion"):
        assert name in ACKNOWLEDGEMENT
    assert month.source == ACKNOWLEDGEMENT
