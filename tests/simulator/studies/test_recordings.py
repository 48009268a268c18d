"""Records take the place of a scenario's callers, and nothing else changes."""

from pathlib import Path

import pytest

from simulator.errors import StudyError
from simulator.studies.cases import case_of
from simulator.studies.recordings import Recording, with_recording


def test_days_of_the_record_become_the_run() -> None:
    made = with_recording(
        case_of("bank-month"), Recording(records="bank", first_day="1999-02-02", days_count=2)
    )
    spec = made.scenario.doc.spec
    assert spec.start == "1999-02-02T00:00:00"
    assert spec.duration_s == 2 * 86_400
    records = spec.arrivals[0].records
    assert records is not None
    assert records.dates == ("1999-02-02", "1999-02-03")
    assert records.skills == ("PS", "TT", "IN", "PE")


def test_a_scenario_without_records_needs_an_ingress(tmp_path: Path) -> None:
    case = case_of("quick-start")
    with pytest.raises(StudyError, match=r"several ingresses.*--ingress"):
        with_recording(case, Recording(records="bank"))
    with pytest.raises(StudyError, match="did you mean lisbon"):
        with_recording(case, Recording(records="bank", ingress="lisboa"))
    made = with_recording(case, Recording(records="bank", ingress="lisbon"))
    [arrival] = made.scenario.doc.spec.arrivals
    assert arrival.ingress == "lisbon"
    with pytest.raises(StudyError, match="--ingress is for scenarios whose calls do not"):
        with_recording(case_of("bank-month"), Recording(records="bank", ingress="regular"))


@pytest.mark.parametrize(
    ("recording", "told"),
    [
        (Recording(records="nothing.csv"), "there is no such file of records"),
        (Recording(records=__file__, format="odd"), "--format odd"),
        (Recording(records="bank", first_day="02.02.1999"), "this is no date; write it as in"),
        (Recording(records="bank", first_day="1999-02-02", days_count=401), "write 1 to 400"),
    ],
)
def test_a_mistake(recording: Recording, told: str) -> None:
    with pytest.raises(StudyError, match=told):
        with_recording(case_of("bank-month"), recording)


def test_calls_come_in_where_the_record_says(tmp_path: Path) -> None:
    file = tmp_path / "calls.csv"
    file.write_text("arrival_s,ingress\n1,lisbon\n2,faro\n3,lisbon\n", encoding="utf-8")
    made = with_recording(case_of("quick-start"), Recording(records=str(file)))
    found = [
        (one.ingress, one.records.ingresses if one.records else ())
        for one in made.scenario.doc.spec.arrivals
    ]
    assert found == [("lisbon", ("lisbon",)), ("faro", ("faro",))]
    file.write_text("arrival_s,ingress\n1,lisbon\n2,madrid\n3,\n", encoding="utf-8")
    told = "calls that come in nowhere in the scenario: 1 of no ingress, 1 of madrid; add"
    with pytest.raises(StudyError, match=told):
        with_recording(case_of("quick-start"), Recording(records=str(file)))
