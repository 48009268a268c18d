"""Every alarm of a node that the runbook lists has its advice, and no other."""

import re

from source_tree import ROOT

from nrcli.wire.alarm_advice import ADVICE, advice_for

ROW = re.compile(r"^\| `(\w+)` \| (?:site, )?node \|", re.MULTILINE)


def test_the_runbook_and_the_advice_name_the_same_alarms() -> None:
    text = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    assert set(ROW.findall(text)) == set(ADVICE)


def test_an_unknown_alarm_has_advice_too() -> None:
    assert "operating.md" in advice_for("something_new")
    assert "majority" in advice_for("etcd_unreachable")
