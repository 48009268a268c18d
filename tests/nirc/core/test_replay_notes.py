"""What a policy has read is noted exactly, or not at all."""

from __future__ import annotations

from math import inf, nan

from router_network import FakeSite, ask, documents, leading, policy_text

from nirc.core.actions import DecisionRecord, RecordDecision, ReplayNote
from nirc.core.events import SiteSaid
from nirc.core.replay_notes import exact
from nirc.core.settings import RouterSettings
from routing_policies import columns as c
from routing_policies.names import NO_NAME

IDLE = "{name: idle, select: longest_available, action: route}"


def record(rules: str, numbers_max: int = 1_000) -> DecisionRecord:
    sites = [FakeSite("lisbon", waiting_count=5), FakeSite("porto", {"ana": 1.0, "rui": 2.0})]
    book = leading(
        *sites,
        docs=documents(
            [site.name for site in sites], more={"RoutingPolicy/default": policy_text(rules)}
        ),
        settings=RouterSettings(replay_numbers_max=numbers_max),
    )
    book.event(SiteSaid(site="lisbon", message=ask(ani="+351912345678")))
    return book.take(RecordDecision).record


def note(rules: str) -> ReplayNote:
    found = record(rules).replay
    assert found is not None
    return found


STAY = "{name: stay, when: origin.waiting_count > 1, action: queue_at_origin}"


def test_numbers_are_as_they_were_and_the_caller_is_left_out() -> None:
    found = note(STAY)
    assert found.rows == (("porto", "sales"),)
    assert dict(zip(found.columns, found.origin, strict=True))[c.Q_WAITING] == 5
    assert found.call[c.C_ANI] == NO_NAME and len(found.ways) == c.WAY_COLUMNS
    assert found.agents == ()


def test_agents_are_noted_where_the_policy_reads_them() -> None:
    skill = "{name: skill, select: highest_skill, action: route}"
    found = note(f"{STAY},{skill}")
    assert [(k, agent) for k, agent, _ in found.agents] == [(0, "ana"), (0, "rui")]


def test_too_much_is_not_noted_at_all() -> None:
    assert record(STAY, numbers_max=1).replay is not None
    assert record(f"{STAY},{IDLE}", numbers_max=1).replay is None


def test_what_hangs_on_the_callers_number_is_not_noted() -> None:
    by_number = '{name: one, when: call.ani == "+351912345678", action: queue_at_origin}'
    assert record(by_number).replay is None


def test_numbers_that_json_does_not_know_are_words() -> None:
    assert exact([1.0, nan, inf, -inf]) == (1.0, "nan", "inf", "-inf")
