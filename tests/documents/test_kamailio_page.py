"""The page of Kamailio offers the test call that the tests make."""

from __future__ import annotations

from documents import ROOT

PAGE = ROOT / "docs/adapters/kamailio.md"


def test_the_test_call_is_the_one_that_a_real_kamailio_was_called_with() -> None:
    offered = (PAGE.parent / "kamailio/test_call.xml").read_text(encoding="utf-8")
    made = next(ROOT.glob("tests/**/caller_behind_edge.xml"))
    assert offered == made.read_text(encoding="utf-8")
    assert "-sf test_call.xml" in PAGE.read_text(encoding="utf-8")
