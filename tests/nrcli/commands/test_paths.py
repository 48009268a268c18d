"""How paths and test calls are told."""

from __future__ import annotations

from typing import Any

from rich.console import Console

from nrcli.commands.paths import paths_table, probe_lines
from nrcli.wire.path_models import PathStatus, ProbeStatus

PATH: dict[str, Any] = {
    "path": "lisbon-carrier",
    "from_site": "lisbon",
    "trunk_group": "carrier",
    "to_site": "porto",
    "methods": ("refer",),
    "address": "token_user",
    "cost": 0.0,
    "state": "too_old",
    "used": False,
    "proved_s_ago": 900_000.0,
    "tried_s_ago": 5.0,
    "p99_s": 0.5,
    "p99_measured_s": 0.31,
    "problem": "busy",
}
OPEN = {"phase": "open"}
PROBE = ProbeStatus(
    id="probe-1",
    path="p",
    origin="lisbon",
    target="porto",
    state="good",
    steps=("porto gave a token",),
    problem="",
    took_s=0.4,
)


def text(**changes: Any) -> str:
    console = Console(width=300)
    with console.capture() as caught:
        console.print(paths_table((PathStatus(**(PATH | changes)),)))
    return caught.get()


def test_a_path_is_one_line() -> None:
    told = text()
    assert "too old, good 10 d ago: busy" in told and "0.31 of 0.5" in told
    told = text(state="proved", proved_s_ago=7200.0, problem="", p99_measured_s=0.0)
    assert "proved, good 2 h ago" in told
    assert "good 9 s ago" in text(proved_s_ago=9.0)
    assert paths_table(()) == "no paths: no call can be moved (`nrcli documents put`)"


def test_methods_that_a_carrier_must_follow_say_by_what_they_were_proved() -> None:
    known = {"p99_measured_s": 0.0, "problem": ""}
    refer = {"method": "refer", "state": "untried", "proved_s_ago": None} | known
    told = text(state="proved", proved_s_ago=9.0, problem="", through=(refer,))
    assert "proved (a direct call), good 9 s ago; refer not tried through the carrier" in told
    way = {"method": "refer", "to_site": "porto", "arrived_count": 2, "failed_count": 1}
    told = text(through=(refer | {"state": "bad", "problem": "405"},), moved=(way | OPEN,))
    assert "refer bad through the carrier: 405" in told and "refer: 2 of 3" in told


def test_of_a_path_to_many_each_target_that_fails_is_told() -> None:
    porto = {"to_site": "porto", "method": "", "state": "failing", "tried_s_ago": 9.0}
    told = text(
        to_site="*", state="proved", proved_s_ago=5.0, problem="to porto: refused (404)",
        bad_targets=(porto | {"problem": "refused (404)"},),
    )  # fmt: skip
    assert "proved, good 5 s ago; failing to porto 9 s ago: refused (404)" in told
    assert told.count("404") == 1


def test_a_test_call_is_told_step_by_step() -> None:
    assert probe_lines(PROBE) == [
        "1. porto gave a token",
        "path p works: lisbon to porto in 0.40 s",
    ]
    bad = PROBE.model_copy(update={"state": "bad", "problem": "refused (403)"})
    assert probe_lines(bad)[-1] == "path p does not work: refused (403)"
    untried = bad.model_copy(update={"tried": False, "problem": "has no `test_number`"})
    assert probe_lines(untried)[-1] == "path p was not tried: has no `test_number`"
    assert probe_lines(PROBE, "refer")[-1].startswith("path p by refer, through the carrier, works")
