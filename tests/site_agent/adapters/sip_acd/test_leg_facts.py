"""What of an INVITE goes into the record of its leg."""

from types import SimpleNamespace
from typing import Any

import pytest

from nrcli.sip.message import Headers, Request
from site_agent.adapters.base import LegFacts
from site_agent.adapters.sip_acd.leg_facts import facts_of


def call(ani: str = "+351912345678", **headers: str) -> Any:
    named = Headers([(name.replace("_", "-"), value) for name, value in headers.items()])
    invite = Request("INVITE", "sip:00351211234567@lisbon.example;user=phone", named)
    return SimpleNamespace(invite=invite, ani=ani, started_at_s=90.0)


def test_names_and_numbers_are_kept_as_they_were_sent() -> None:
    facts = facts_of(
        call(
            From='"A" <sip:0912345678@carrier>;tag=88sja8x',
            Session_ID="ab30317f1a784dc48ff824d0d3715d86;remote=00",
            P_Charging_Vector="icid-value=1234bc9876e;icid-generated-at=192.0.6.8;orig-ioi=h1",
        ),
        100.0,
    )
    assert facts == LegFacts(
        from_tag="88sja8x",
        session_id="ab30317f1a784dc48ff824d0d3715d86",
        icid="1234bc9876e",
        ani_received="0912345678",
        dialed_received="00351211234567",
        set_up_ago_s=10.0,
    )


def test_who_is_vouched_for_comes_first_and_who_shows_no_number_shows_none() -> None:
    said = {"From": "<sip:1@x>;tag=a", "P_Asserted_Identity": "<tel:+35191>"}
    assert facts_of(call(**said), 90.0).ani_received == "+35191"
    assert facts_of(call(ani="", **said), 90.0).ani_received == ""


@pytest.mark.parametrize("header", ["From", "Session_ID", "P_Charging_Vector"])
def test_nonsense_is_nothing_and_never_long(header: str) -> None:
    facts = facts_of(call(**{header: "<><;;=" + "x" * 500}), 90.0)
    assert (facts.from_tag, facts.icid) == ("", "")
    assert len(facts.session_id) <= 128
    assert facts_of(call(P_Charging_Vector='icid-value="a b"'), 90.0).icid == "a b"
