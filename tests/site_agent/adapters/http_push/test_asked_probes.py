"""Test calls by a CTI: asked only of one that can, told once, no call of the site."""

from __future__ import annotations

import pytest
from pushing_cti import Pushing

from site_agent.adapters import base

PLACE = base.PlaceProbe(
    call_id="p1", trunk_group="network", address="sip:nirc-a@192.0.2.9:5060", ring_s=10.0
)
ENDED = {
    "type": "probe_ended",
    "call_id": "p1",
    "sip_status": 200,
    "took_ms": 120,
    "let_go": True,
}
ARRIVES = {"type": "call_arriving", "call_id": "c1", "token": "nirc-a", "trunk_group": "network"}


def began(*, test_calls: bool = True) -> Pushing:
    cti = Pushing(test_calls=test_calls)
    cti.begins("anna")
    cti.reads()
    cti.take()
    return cti


def ended(cti: Pushing) -> list[tuple[int, bool]]:
    found = [one for one in cti.take() if isinstance(one, base.ProbeEnded)]
    return [(one.sip_status, one.let_go) for one in found]


def test_a_test_call_is_placed_and_its_end_told_once() -> None:
    cti = began()
    assert cti.asks(PLACE) == []
    assert cti.reads() == [PLACE]
    cti.says(ENDED)
    assert ended(cti) == [(200, True)]
    assert "no test call of ours" in cti.says(ENDED).notes[0]
    cti.passes(60.0)
    assert not ended(cti)


def test_an_end_that_is_not_told_is_one_without_an_answer() -> None:
    cti = began()
    cti.asks(PLACE)
    cti.passes(20.0)
    assert ended(cti) == [(408, False)]


def test_a_cti_that_cannot_after_all_says_so() -> None:
    cti = began()
    cti.asks(PLACE)
    ((number, _),) = cti.acd.commands_due(cti.now_s)
    cti.says({"type": "command_failed", "number": number, "problem": "no free line"})
    assert ended(cti) == [(0, False)]


@pytest.mark.parametrize(
    ("able", "trunk_group"), [(False, "network"), (True, "unknown")], ids=["cannot", "no group"]
)
def test_what_cannot_be_placed_is_answered_here(able: bool, trunk_group: str) -> None:
    cti = began(test_calls=able)
    order = base.PlaceProbe(
        call_id="p1", trunk_group=trunk_group, address=PLACE.address, ring_s=10.0
    )
    assert cti.asks(order) == [base.ProbeEnded(call_id="p1", sip_status=0)]
    assert cti.reads() == []


@pytest.mark.parametrize("able", [True, False])
def test_one_of_another_site_is_answered_or_refused_and_is_no_call(able: bool) -> None:
    cti = began(test_calls=able)
    cti.says(ARRIVES)
    refused = base.RefuseArrival(call_id="c1", sip_status=503)
    assert cti.asks(base.AnswerProbe(call_id="c1")) == []
    assert cti.reads() == [base.AnswerProbe(call_id="c1") if able else refused]
    assert cti.asks(base.AnswerProbe(call_id="c1")) == [] and cti.reads() == []
