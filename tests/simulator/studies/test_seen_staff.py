"""Agents seen serving become the staff, interval by interval."""

from pathlib import Path

import pytest

from simulator.errors import StudyError
from simulator.studies.cases import Case, case_of
from simulator.studies.recordings import Recording, with_recording
from simulator.studies.seen_staff import with_seen_staff, with_staff

HEAD = "arrival_s,wait_s,outcome,talk_s,agent\n"
RECORDS = """0,0,served,1700,ann
0,0,served,500,bob
700,0,served,200,bob
800,900,served,100,ann
1000,5,abandoned,,
"""


def recorded(folder: Path, text: str) -> Case:
    file = folder / "calls.csv"
    file.write_text(text)
    case = case_of("quick-start").with_changes(["duration_s=3600", "interval_s=900"])
    return with_recording(case, Recording(records=str(file), ingress="porto"))


def test_agents_seen_are_the_staff(tmp_path: Path) -> None:
    """Ann from 0 to 1800 s; Bob to 900 s, his pause of 200 s is no break; all at Porto."""
    case = with_seen_staff(recorded(tmp_path, HEAD + RECORDS))
    lisbon, porto, _ = case.scenario.doc.spec.sites
    assert lisbon.agents == ()
    (group,) = porto.agents
    assert group.group == "seen-2026-03-02" and group.skills == {"sales": 5}
    assert group.ring_s == 3 and porto.shrinkage == 0
    assert group.staffing is not None
    morning = group.staffing.agents[36:40]
    assert morning == (2, 1, 0, 0)
    assert sum(group.staffing.agents) == 3


def test_a_long_gap_is_time_away(tmp_path: Path) -> None:
    text = HEAD + "0,0,served,900,ann\n1800,0,served,900,ann\n"
    (group,) = with_seen_staff(recorded(tmp_path, text)).scenario.doc.spec.sites[1].agents
    assert group.staffing is not None and group.staffing.agents[36:40] == (1, 0, 1, 0)


def test_the_sample_month_has_staff_at_both_sites() -> None:
    case = with_recording(case_of("bank-month"), Recording("", "", "", "1999-02-02", 2))
    sites = with_staff(case, "seen").scenario.doc.spec.sites
    for site in sites:
        assert [g.group for g in site.agents] == ["seen-1999-02-02", "seen-1999-02-03"]
    most = [max(g.staffing.agents) for site in sites for g in site.agents if g.staffing]
    assert all(1 <= one <= 12 for one in most)


def test_what_cannot_be_done_is_told(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="name no agents"):
        with_seen_staff(recorded(tmp_path, "arrival_s,wait_s,outcome,talk_s\n0,0,served,9\n"))
    with pytest.raises(StudyError, match="--staff guessed"):
        with_staff(case_of("quick-start"), "guessed")
    case = case_of("quick-start")
    assert with_staff(case, "written") is case
