"""Formats of calls: what mappings may say, and what is told when they say it wrongly."""

from pathlib import Path

import pytest

from simulator.errors import CallsError
from simulator.records.formats import NIRC, format_of, mapping

OTHERS = """
columns: {arrival: start_time, wait: ring_ms, outcome: result, service: skill_name}
units: {wait: ms}
separator: ";"
date: DD/MM/YYYY
arrival: instant
outcomes: {ANS: served, ABN: abandoned}
"""


def test_ours_names_every_column_by_its_unit() -> None:
    assert NIRC.columns["wait"] == "wait_s"
    assert format_of("nirc") is NIRC


def test_a_mapping_is_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "acd.yaml"
    path.write_text(OTHERS, encoding="utf-8")
    known = format_of(path)
    assert (known.separator, known.unit_s("wait"), known.unit_s("talk")) == (";", 0.001, 1.0)
    assert known.outcomes == {"ANS": 1, "ABN": 2}


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ([], "is not a mapping of keys"),
        ({"colums": {}}, "did you mean 'columns'?"),
        ({"columns": {"wait": "w"}}, "do not name arrival"),
        ({"columns": {"arival": "a"}}, "did you mean 'arrival'?"),
        ({"columns": {"arrival": 3}}, "put it in quotes"),
        ({"columns": {"arrival": "a"}, "units": {"wait": "hours"}}, "use one of: ms, s, min"),
        ({"columns": {"arrival": "a"}, "outcomes": {"X": "gone"}}, "does not know 'gone'"),
        ({"columns": {"arrival": "a"}, "separator": "::"}, "give one character"),
        ({"columns": {"arrival": "a"}, "decimal": ";"}, "does not know ';'"),
        ({"columns": {"arrival": "a"}, "any_order": "yes"}, "write true or false"),
        ({"columns": {"arrival": "a", "date": "d"}, "arrival": "instant"}, "leave out date"),
    ],
)
def test_a_wrong_mapping_is_told(found: object, said: str) -> None:
    with pytest.raises(CallsError) as told:
        mapping(found, "acd.yaml")
    assert said in str(told.value)
    assert "acd.yaml" in told.value.place


def test_a_format_that_is_nowhere_is_told(tmp_path: Path) -> None:
    with pytest.raises(CallsError, match="neither nirc nor csv nor bank"):
        format_of("nrc")
    (tmp_path / "x.yaml").write_text("columns: [", encoding="utf-8")
    with pytest.raises(CallsError, match="is not YAML"):
        format_of(tmp_path / "x.yaml")
