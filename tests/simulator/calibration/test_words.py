"""What is told of fits: numbers with intervals, and plainly what does not fit."""

import json

import numpy as np
from sim_records import MONDAY, month, record

from simulator.calibration.fitted import calibrated
from simulator.calibration.words import numbers, rows, told
from simulator.model.instants import US
from simulator.records.recorded import recorded_calls


def test_the_bank_is_told_plainly() -> None:
    found = calibrated(month())
    text = "\n".join(told(found))
    for said in (
        "unlike other days: 1999-02-03 13:00: 173 calls",
        "fitted without them unless you asked",
        "times as much as Poisson would",
        "within six minutes calls come as Poisson arrivals do",
        "talk: lognormal, as it has the least Akaike criterion",
        "6.7% last at most 10 s",
        "patience: not exponential",
        "who hung up at once count apart",
    ):
        assert said in text
    table = {what: (number, interval) for what, number, interval in rows(found)}
    assert table["abandoned"][0] == "17.9%"
    assert table["talk, mean"][1].endswith(" s")
    assert "waits longer than 60 s" in table


def test_small_records_say_so() -> None:
    calls = record(1)
    bare = record(1, wait_us=np.full(len(calls), -1), talk_us=np.full(len(calls), -1), dated=False)
    text = "\n".join(told(calibrated(bare)))
    for said in (
        "fewer than four days",
        "no dates",
        "too few days",
        "talk: too few",
        "too few callers",
    ):
        assert said in text


def test_regular_arrivals_and_odd_talk_are_not_passed_over() -> None:
    arrival = np.arange(20_000) * 5 * US
    talk = np.where(np.arange(20_000) % 2, 30, 600) * US
    found = calibrated(
        recorded_calls(MONDAY, arrival_us=arrival, talk_us=talk, outcome=np.full(20_000, 1))
    )
    text = "\n".join(told(found))
    assert "not as Poisson arrivals do" in text
    assert "no form fits well" in text


def test_numbers_are_for_programs() -> None:
    made = numbers(calibrated(record(14)))
    text = json.dumps(made, default=lambda value: value.item())
    assert made["patience"]["survival"][0]["wait_s"] > 0
    assert json.loads(text)["talk"]["forms"][0]["form"] == "lognormal"
