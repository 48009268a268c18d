"""What a person sees."""

import pytest

from nrcli.commands.tables import calls_parts, explained, show, sites_parts
from nrcli.wire.api_models import Candidate, Decision, SiteSummary


def decision(**changes: object) -> Decision:
    values: dict[str, object] = {
        "decision_id": "d1",
        "request_id": "r1",
        "interaction_id": "i1",
        "at_unix_s": 0.0,
        "node": "n2",
        "origin_site": "lisbon",
        "service": "sales",
        "domain": "default",
        "generation": 1,
        "revision": 42,
        "policy": "default",
        "policy_version": 3,
        "rules_tried": ("own-agent", "idle-elsewhere"),
        "candidates": (
            Candidate(site="porto", queue="sales", agent="dora", value=12.5, age_s=0.2),
            Candidate(site="faro", queue="sales", value=3.0, age_s=0.1, lost_because="closed"),
        ),
        "outcome": "move",
        "target_site": "porto",
        "queue": "sales",
        "agent": "dora",
        "took_s": 0.004,
        "refusals": ("faro: no_agent",),
    }
    return Decision.model_validate(values | changes)


def test_explained_in_plain_words() -> None:
    text = explained(decision())
    assert "Request r1: The call was moved to porto, agent dora." in text
    assert "decided by n2 with epoch 1.42 in 4.0 ms" in text
    assert "candidate faro, queue sales: value 3.00, 0.10 s old, lost: closed" in text
    assert "refused: faro: no_agent" in text
    stayed = explained(decision(outcome="stay", target_site="", agent="", candidates=()))
    assert "stayed at its own site." in stayed


def test_tables_show_names_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    site = SiteSummary(
        site="[bold]x",
        liveness="alive",
        linked=True,
        usable=False,
        state_age_s=None,
        ready_count=3,
        waiting_count=0,
        busy_count=0,
    )
    show(*sites_parts([site]), *calls_parts([]))
    said = capsys.readouterr().out
    assert "[bold]x" in said and "yes" in said and "no call is in motion" in said
