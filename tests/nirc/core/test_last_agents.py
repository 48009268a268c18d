"""Who served a caller last is told to those who can vouch for their number."""

from __future__ import annotations

from contract_samples import sample

from nirc.core.last_agents import LastAgents
from nirc.core.settings import RouterSettings
from nrcli.wire.messages import CallLegRecord


def leg(ani: str, agent: str = "diogo", talked_s: float = 60.0) -> CallLegRecord:
    record = sample(CallLegRecord, ani=ani, agent=agent, talked_s=talked_s, site="porto")
    assert isinstance(record, CallLegRecord)
    return record


def test_the_latest_call_counts_and_age_and_number_are_bounded() -> None:
    known = LastAgents(RouterSettings(last_agents_max=2, last_agent_s=100.0))
    known.ended(leg("+1"), 10.0)
    known.ended(leg("+1", "elsa"), 20.0)
    assert known.of("+1", verified=True, now_s=30.0) == "porto/elsa"
    assert known.of("+1", verified=False, now_s=30.0) == ""
    assert known.of("+1", verified=True, now_s=120.0) == ""
    known.ended(leg("+2"), 21.0)
    known.ended(leg("+3"), 22.0)
    assert (len(known), known.of("+1", verified=True, now_s=30.0)) == (2, "")


def test_calls_without_a_number_or_an_agent_say_nothing() -> None:
    known = LastAgents(RouterSettings())
    for record in (leg(""), leg("+1", ""), leg("+1", talked_s=0.0)):
        known.ended(record, 1.0)
    assert len(known) == 0
    assert known.of("", verified=True, now_s=1.0) == ""
