"""Test calls by `originate`: placed with nobody on them, answered for others, told once."""

from __future__ import annotations

import re

import pytest
from acd_contract_words import told
from esl_channels import Channel
from esl_pbx import Pbx
from freeswitch_bench import FreeswitchBench, two_agents

from site_agent.adapters import base

PLACE = base.PlaceProbe(
    call_id="p1", trunk_group="carrier", address="sip:nirc-abc@192.0.2.9:5060", ring_s=10.0
)


class OriginatingPbx(Pbx):
    """Its `originate` makes a channel; what becomes of it is the test's word."""

    def __init__(self) -> None:
        super().__init__(agents=two_agents())
        self.asked, self.job = "", ""
        self.leg: Channel | None = None

    def _background(self, text: str, job: str) -> None:
        self.asked, self.job = text, job
        found = re.fullmatch(r"originate \{(\S+)\}sofia/external/(\S+) &sleep\(5000\)", text)
        assert found, text
        self.leg = Channel(job, f"sofia/external/{found[2]}", found[2], "", {})
        self.channels.legs[job] = self.leg
        self.channels.tell("CHANNEL_CREATE", self.leg)

    def becomes(self, body: str) -> None:
        """The job's outcome."""
        self._event("BACKGROUND_JOB", {"Job-UUID": self.job}, body=body)


class Probed(FreeswitchBench):
    pbx: OriginatingPbx

    def __init__(self) -> None:
        super().__init__(OriginatingPbx())
        self.command(PLACE)

    def becomes(self, body: str) -> None:
        self.pbx.becomes(body)
        self.settle()

    def hangs_up(self, disposition: str, cause: str = "NORMAL_CLEARING") -> None:
        assert self.pbx.leg is not None
        self.pbx.channels.gone(self.pbx.leg, cause, disposition)
        self.settle()

    def outcome(self) -> list[tuple[str, int, bool]]:
        ended = told(self, base.ProbeEnded)
        return [(one.call_id, one.sip_status, one.let_go) for one in ended]


@pytest.fixture
def site() -> Probed:
    return Probed()


def test_who_answers_and_lets_go_is_told_with_the_time_it_took(site: Probed) -> None:
    assert "originate_timeout=10," in site.pbx.asked
    assert site.pbx.asked.split("}")[1].startswith("sofia/external/nirc-abc@192.0.2.9:5060 ")
    assert told(site, base.TrunkChanged)[-1].channels_used_count == 1
    site.passes(0.25)
    site.becomes("+OK " + site.pbx.job)
    assert not site.outcome()
    site.passes(0.5)
    site.hangs_up("recv_bye")
    assert site.outcome() == [("p1", 200, True)]
    assert told(site, base.ProbeEnded)[0].took_s == pytest.approx(0.25)
    site.passes(20.0)
    assert len(site.outcome()) == 1


def test_an_end_before_the_jobs_word_is_told_once(site: Probed) -> None:
    site.hangs_up("recv_bye")
    site.becomes("+OK " + site.pbx.job)
    assert site.outcome() == [("p1", 200, True)]


def test_who_does_not_let_go_is_let_go(site: Probed) -> None:
    site.becomes("+OK " + site.pbx.job)
    site.hangs_up("send_bye")
    assert site.outcome() == [("p1", 200, False)]


def test_an_end_that_is_not_told_is_no_end_without_end(site: Probed) -> None:
    site.becomes("+OK " + site.pbx.job)
    site.passes(8.0)
    assert site.outcome() == [("p1", 200, False)]


@pytest.mark.parametrize(
    ("cause", "status"),
    [("USER_BUSY", 486), ("NO_ANSWER", 408), ("INVALID_GATEWAY", 0), ("EXCHANGE_ROUTING", 480)],
)
def test_a_refusal_is_told_by_its_cause(site: Probed, cause: str, status: int) -> None:
    site.hangs_up("recv_refuse", cause)
    site.becomes(f"-ERR {cause}\n")
    assert site.outcome() == [("p1", status, False)]


def test_a_lost_connection_ends_what_was_placed(site: Probed) -> None:
    site.cut()
    assert site.outcome() == [("p1", 0, False)]
    site.command(PLACE)
    assert site.outcome()[1:] == [("p1", 0, False)]


@pytest.mark.parametrize(
    ("trunk_group", "address"), [("none", PLACE.address), ("carrier", "sip:a b@192.0.2.9")]
)
def test_what_cannot_be_placed_is_not_tried(trunk_group: str, address: str) -> None:
    site = FreeswitchBench()
    site.command(
        base.PlaceProbe(call_id="p1", trunk_group=trunk_group, address=address, ring_s=1.0)
    )
    assert [one.sip_status for one in told(site, base.ProbeEnded)] == [0]


def test_a_test_call_of_another_site_is_answered_and_let_go() -> None:
    site = FreeswitchBench()
    site.decide = lambda event: (
        [base.AnswerProbe(call_id=event.call_id)] if isinstance(event, base.CallArriving) else []
    )
    channel = site.pbx.channels.legs[site.token_arrives("nirc-abcdefghijklmnopqrstuvwx23")]
    assert channel.answered
    site.passes(1.0)
    assert channel.uuid not in site.pbx.channels.legs
    assert not told(site, base.CallOffered)
    site.command(base.AnswerProbe(call_id="unknown"))
