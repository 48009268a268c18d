"""What an ACD tells for records alone may all be unknown."""

from contract_samples import needed_in

from site_agent.adapters.acd_leg_facts import NO_FACTS, CallBlocked, LegFacts
from site_agent.adapters.base import CallEnded


def test_nothing_of_a_leg_must_be_known() -> None:
    assert needed_in(LegFacts) == set()
    assert LegFacts() == NO_FACTS
    assert CallEnded(call_id="c", released_by="caller").facts is NO_FACTS


def test_who_was_turned_away_needs_a_place_and_a_reason() -> None:
    assert needed_in(CallBlocked) == {"reason", "trunk_group", "sip_status"}
