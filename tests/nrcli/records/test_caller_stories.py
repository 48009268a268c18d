"""Legs become calls as the simulator reads them."""

from datetime import UTC
from typing import Any

from contract_samples import sample

from nrcli.records.caller_stories import TITLES, stories
from nrcli.reports.csv_text import csv_text
from nrcli.wire.history_messages import CallLegRecord
from simulator.records.csv_calls import read_text

DAY = 1_700_006_400.0


def leg(interaction: str, **fields: Any) -> CallLegRecord:
    known = {"leg": "caller", "interaction_id": interaction, "offered_unix_s": DAY + 10}
    known |= {"outcome": "answered", "parent_leg_id": "", "end_reason": "", "agent": "anna"}
    made = sample(CallLegRecord, **(known | fields))
    assert isinstance(made, CallLegRecord)
    return made


def test_a_moved_caller_is_one_call_with_the_wait_of_all_sites() -> None:
    legs = [
        leg("i", site="porto", outcome="answered", waited_s=40.0, talked_s=60.0, queued_unix_s=2.0,
            leg_id="p/1", started_unix_s=DAY + 35, offered_unix_s=DAY + 10.5, agent="rui"),
        leg("i", site="lisbon", outcome="moved_out", leg_id="l/1", offered_unix_s=DAY + 10.0),
        leg("i", site="porto", leg="agent", parent_leg_id="p/1", acw_s=12.0),
        leg("i", leg="agent", parent_leg_id="p/1", acw_s=99.0, end_reason="unanswered"),
    ]  # fmt: skip
    (line,) = stories(legs, UTC)
    said = dict(zip(TITLES, line, strict=True))
    assert (said["site"], said["agent"], said["outcome"]) == ("lisbon", "rui", "served")
    assert (said["wait_s"], said["talk_s"], said["acw_s"]) == (40.0, 60.0, 12.0)
    assert (said["date"], said["arrival_s"]) == ("2023-11-15", 10.0)


def test_callers_are_told_apart_and_not_named() -> None:
    legs = [
        leg(str(number), ani=ani, offered_unix_s=DAY + number)
        for number, ani in enumerate(("+1", "+2", "+1", ""))
    ]
    assert [line[-1] for line in stories(legs, UTC)] == ["c1", "c2", "c1", None]


def test_the_simulator_reads_what_is_written() -> None:
    outcomes = ("answered", "abandoned", "refused", "redirected")
    legs = [
        leg(str(number), outcome=outcome, offered_unix_s=DAY + number, waited_s=3.0)
        for number, outcome in enumerate(outcomes)
    ]
    calls = read_text(csv_text(TITLES, stories(reversed(legs), UTC)))
    assert list(calls.outcome) == [1, 2, 3, 4]
    assert list(calls.arrival_us) == [0, 1_000_000, 2_000_000, 3_000_000]
