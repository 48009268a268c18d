"""Every row of the conformance table names tests, or says why there is none; that the tests exist
is checked elsewhere."""

import re

from documents import ROOT

PAGE = ROOT / "docs" / "sip_conformance.md"
SHOWN = re.compile(r"`tests/[\w/.]+\.py::test_\w+`|not done: .{20}")


def test_every_row_has_a_test_or_a_reason() -> None:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    rows = [line.strip("| ").split(" | ") for line in lines if line.startswith("| ")][1:]
    assert len(rows) > 60
    assert [row for row in rows if len(row) != 4 or not SHOWN.match(row[3])] == []
