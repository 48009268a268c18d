"""What may be asked of reports and records: no path, no option, no more than is answered."""

import pytest
from pydantic import ValidationError

from nrcli.wire.history_models import HistoryQuery, RecordsQuery, ReportQuery


@pytest.mark.parametrize(
    "said",
    [
        {"begin": "yesterday"},
        {"begin": "--csv=/etc/x"},
        {"to": "2026-11-23T08:00:00"},
        {"time_zone": "../../etc/passwd"},
        {"time_zone": "/etc/localtime"},
        {"by": "caller"},
        {"view": ""},
        {"every": "day"},
        {"more": "1"},
    ],
    ids=str,
)
def test_a_report_is_asked_for_in_words_of_its_own(said: dict[str, str]) -> None:
    assert ReportQuery.model_validate({"begin": "2026-11-23", "to": "2026-11-23T08:00"})
    assert ReportQuery(time_zone="America/Argentina/Ushuaia").time_zone
    with pytest.raises(ValidationError):
        ReportQuery.model_validate(said)


def test_pages_are_bounded() -> None:
    assert RecordsQuery().limit == 100 and HistoryQuery().limit == 200
    for model, limit in ((RecordsQuery, "1001"), (HistoryQuery, "201"), (RecordsQuery, "1.0")):
        with pytest.raises(ValidationError):
            model.model_validate({"limit": limit})
