"""S9 is broken by each of these."""

from history_lines import good_move

from simulator.checkers.bounds import REAL, Clocked
from simulator.checkers.requests_in_time import check
from simulator.history import Line


def at(at_s: float, kind: str, **fields: object) -> Line:
    return Line(at_s=at_s, site="porto", kind=kind, fields=dict(fields))


def asked(ready_count: int = 0) -> Line:
    return at(10.0, "request_begun", request="r", call="c", deadline_s=3.0, ready_count=ready_count)


def ended(at_s: float, how: str = "failed") -> Line:
    return at(at_s, "request_ended", request="r", call="c", how=how)


def texts(*lines: Line) -> str:
    return " ".join(wrong.text for wrong in check(lines))


def test_a_good_history() -> None:
    assert check(good_move()) == []
    assert check([asked(), ended(13.04)]) == []


def test_a_request_outlives_its_deadline() -> None:
    assert "ended 0.100 s after" in texts(asked(), ended(13.1))
    assert "outlived" in texts(asked(), at(14.0, "tier", tier=0))


def test_on_real_services_it_is_told_and_fails_beyond_ten_times_the_bound() -> None:
    clocked = Clocked(REAL)
    assert check([asked(), ended(13.1)], REAL, clocked) == []
    assert clocked.late()["S9"].count == 1
    assert check([asked(), ended(13.6)], REAL)


def test_a_process_that_was_stopped_could_not_end_it() -> None:
    stop = {"fault": "1", "effect": "site_stopped", "sites": "porto"}
    stopped = [at(11.0, "fault_begun", **stop), at(16.0, "fault_ended", fault="1")]
    assert check([asked(), *stopped, ended(17.0)]) == []
    assert check([asked(), ended(17.0, "cut_with_site")]) == []


def test_asked_with_a_ready_agent_at_home() -> None:
    assert "ready agent" in texts(asked(ready_count=1), ended(11.0))


def test_asked_though_nirc_is_known_to_be_gone() -> None:
    assert "no NIRC node leads" in texts(at(9.0, "tier", tier=3), asked(), ended(11.0))
