"""Tables that promise a test for every line keep it; that the tests exist is checked elsewhere."""

import re
from pathlib import Path

import pytest
from documents import ROOT

PROMISING = (Path("docs/failure_modes.md"), Path("docs/what_the_caller_hears.md"))
NAMED = re.compile(r"`tests/[\w/.]+\.py::test_\w+`")


@pytest.mark.parametrize("document", PROMISING, ids=str)
def test_every_line_names_a_test(document: Path) -> None:
    lines = (ROOT / document).read_text(encoding="utf-8").splitlines()
    table = [line for line in lines if line.startswith("| ")][1:]
    assert len(table) > 10
    assert [line for line in table if not NAMED.search(line.split("|")[-2])] == []
