import json
from pathlib import Path

from nirc.demo import checkers


def _history(folder: Path, *lines: dict[str, object]) -> Path:
    path = folder / "history.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def test_a_clean_history_has_no_findings(tmp_path: Path) -> None:
    call = {"call": "c1", "interaction": "i1", "site": "lisbon"}
    agent = {**call, "agent": "anna"}
    found = checkers.check(
        [
            _history(
                tmp_path,
                {"at_s": 1.0, "kind": "call_offered", "queue": "q", "trunk_group": "t", **call},
                {"at_s": 2.0, "kind": "agent_call", **agent},
                {"at_s": 2.0, "kind": "call_connected", **agent},
                {"at_s": 3.0, "kind": "agent_free", **agent},
                {
                    "at_s": 3.0,
                    "kind": "call_ended",
                    "released_by": "agent",
                    "sip_status": 0,
                    **agent,
                },
            )
        ]
    )
    assert found.violations == ()


def test_a_history_that_cannot_be_read_is_a_finding(tmp_path: Path) -> None:
    broken = tmp_path / "history.jsonl"
    broken.write_text("no json\n")
    (line,) = checkers.check([broken]).violations
    assert line.startswith("the checkers failed")


def test_what_the_checkers_say_is_read_whole() -> None:
    found = checkers.findings(
        {
            "violations": [{"invariant": "S1", "text": "anna held twice", "site": "lisbon"}],
            "lost": 1,
            "double_booked": 2,
        }
    )
    assert found.violations == ("S1: anna held twice",)
    assert (found.lost_count, found.double_booked_count) == (1, 2)
