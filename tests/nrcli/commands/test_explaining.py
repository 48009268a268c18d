"""Decisions in plain words. (Against a real node: test_policy_store.)"""

from nrcli.commands.explaining import told
from nrcli.wire.api_models import Candidate, Decision


def test_a_decision_is_told_with_its_rules_and_losers() -> None:
    porto = Candidate(site="porto", queue="sales", agent="elsa", value=-70.0, age_s=0.2)
    faro = Candidate(
        site="faro", queue="sales", value=0.0, age_s=0.4, lost_because="closed", rule="idle"
    )
    text = told(
        Decision(
            decision_id="d",
            request_id="r-1",
            interaction_id="i-1",
            at_unix_s=1_800_014_400.0,
            node="n1",
            origin_site="lisbon",
            service="sales",
            domain="default",
            generation=1,
            revision=10,
            policy="default",
            policy_version=7,
            rules_tried=("home", "idle"),
            rules=(("home", "not now"), ("idle", "decided")),
            candidates=(porto, faro),
            outcome="move",
            target_site="porto",
            queue="sales",
            agent="elsa",
            took_s=0.012,
            mode="canary",
        )
    )
    for words in (
        "moved to porto",
        "policy default version 7",
        "canary",
        "rule home: its condition did not hold",
        "faro/sales: closed (rule idle)",
        "decided by n1 with epoch 1.10 at 2027-01-15 12:00:00 UTC",
    ):
        assert words in text, text
