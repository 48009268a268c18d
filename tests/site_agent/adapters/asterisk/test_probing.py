"""Test calls by the manager: placed with nobody on them, answered for others, told once."""

from __future__ import annotations

from typing import Any

import pytest
from acd_contract_words import told
from asterisk_site import AsteriskSite

from site_agent.adapters import base

PLACE = base.PlaceProbe(
    call_id="p1", trunk_group="carrier", address="sip:nirc-abc@192.0.2.9:5060", ring_s=10.0
)


class ProbedSite(AsteriskSite):
    """An Asterisk that takes `Originate` of a test call and says no more."""

    def __init__(self) -> None:
        super().__init__()
        self.pbx.actions.clear()
        self.pbx._do_originate = self._originate  # type: ignore[method-assign]
        self.placed: dict[str, str] = {}

    def _originate(self, fields: dict[str, str], given: dict[str, str]) -> None:
        self.placed = fields
        self.pbx.respond(fields, Message="Originate successfully queued")

    def happens(self, event: str, **fields: Any) -> None:
        self.pbx.event(event, Uniqueid=self.placed["ChannelId"], **fields)
        self.settle()

    def originated(self, response: str, reason: int) -> None:
        told = {"ActionID": self.placed["ActionID"], "Response": response, "Reason": reason}
        self.happens("OriginateResponse", **told)

    def outcome(self) -> list[tuple[str, int, bool]]:
        ended = told(self, base.ProbeEnded)
        return [(one.call_id, one.sip_status, one.let_go) for one in ended]


@pytest.fixture
def site() -> ProbedSite:
    site = ProbedSite()
    site.command(PLACE)
    return site


def test_who_answers_and_lets_go_is_told_with_the_time_it_took(site: ProbedSite) -> None:
    assert site.placed["Channel"] == "PJSIP/carrier/sip:nirc-abc@192.0.2.9:5060"
    assert site.placed["Timeout"] == "10000"
    site.happens("Newchannel", Channel="PJSIP/carrier-00000009", ChannelState=0)
    assert told(site, base.TrunkChanged)[-1].channels_used_count == 1
    site.passes(0.25)
    site.originated("Success", 4)
    assert not site.outcome()
    site.passes(0.5)
    site.happens("HangupRequest", Cause=16)
    site.happens("Hangup", Cause=16)
    assert site.outcome() == [("p1", 200, True)]
    assert told(site, base.ProbeEnded)[0].took_s == pytest.approx(0.25)
    assert told(site, base.TrunkChanged)[-1].channels_used_count == 0
    site.passes(60.0)
    assert len(site.outcome()) == 1


@pytest.mark.parametrize(("cause", "status"), [(1, 404), (17, 486), (34, 503), (99, 480)])
def test_a_refusal_is_told_by_its_cause(site: ProbedSite, cause: int, status: int) -> None:
    site.happens("Newchannel", Channel="PJSIP/carrier-00000009", ChannelState=0)
    site.happens("Hangup", Cause=cause)
    site.originated("Failure", 1)
    assert site.outcome() == [("p1", status, False)]


def test_a_response_before_the_hangup_is_told_by_its_reason(site: ProbedSite) -> None:
    site.happens("Newchannel", Channel="PJSIP/carrier-00000009", ChannelState=0)
    site.originated("Failure", 5)
    site.happens("Hangup", Cause=17)
    assert site.outcome() == [("p1", 486, False)]


def test_what_was_never_placed_is_told_so(site: ProbedSite) -> None:
    site.originated("Failure", 0)
    assert site.outcome() == [("p1", 0, False)]


def test_nobody_answers_and_the_pbx_says_nothing(site: ProbedSite) -> None:
    site.passes(13.0)
    assert site.outcome() == [("p1", 408, False)]
    assert site.pbx.actions[-1]["Action"] == "Hangup"


def test_who_does_not_let_go_is_let_go(site: ProbedSite) -> None:
    site.happens("Newchannel", Channel="PJSIP/carrier-00000009", ChannelState=0)
    site.originated("Success", 4)
    site.passes(8.0)
    assert site.outcome() == [("p1", 200, False)]


def test_a_lost_line_ends_what_was_placed(site: ProbedSite) -> None:
    site.lose()
    assert site.outcome() == [("p1", 0, False)]
    site.command(PLACE)
    assert site.outcome()[1:] == [("p1", 0, False)]


@pytest.mark.parametrize(
    ("trunk_group", "address"),
    [("none", PLACE.address), ("carrier", "sip:a b@192.0.2.9"), ("carrier", "tel:+351")],
)
def test_what_cannot_be_placed_is_not_tried(trunk_group: str, address: str) -> None:
    site = ProbedSite()
    site.command(
        base.PlaceProbe(call_id="p1", trunk_group=trunk_group, address=address, ring_s=1.0)
    )
    assert site.outcome() == [("p1", 0, False)]
    assert not site.placed


def test_a_test_call_of_another_site_is_the_dialplans_alone() -> None:
    site = AsteriskSite()
    sent: list[tuple[str, str]] = []
    site.pbx._at_nirc_probe = lambda channel, exten: sent.append(  # type: ignore[attr-defined]
        (channel.name, exten)
    )
    site.decide = lambda event: (
        [base.AnswerProbe(call_id=event.call_id)] if isinstance(event, base.CallArriving) else []
    )
    call_id = site.token_arrives("nirc-abcdefghijklmnopqrstuvwx23")
    assert [exten for _, exten in sent] == ["answer"]
    assert [one.call_id for one in told(site, base.CallEnded)] == [call_id]
    site.passes(5.0)
    site.command(base.AnswerProbe(call_id="unknown"))
    assert len(told(site, base.CallEnded)) == 1
