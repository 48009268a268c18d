"""Beyond the shape of one document; the corpus holds the mistakes by example."""

from __future__ import annotations

from policy_corpus import network

from routing_policies.document_checks import document_checks
from routing_policies.kinds import KINDS, OverflowRulesDoc
from routing_policies.loading import load_document


def test_documents_that_are_in_order() -> None:
    documents = [load_document(text, source=key) for key, (text, _) in network().items()]
    assert {one.kind for one in documents} == set(KINDS) - {"OverflowRules"}
    assert [document_checks(one, "t") for one in documents if document_checks(one, "t")] == []


def test_a_fault_in_an_expression_keeps_its_column() -> None:
    rules = OverflowRulesDoc.model_validate(
        {
            "apiVersion": "nirc/v1",
            "kind": "OverflowRules",
            "metadata": {"name": "lisbon"},
            "spec": {
                "queues": (
                    {"queue": "*", "ask": ({"name": "a", "when": "true and call.waited > 3"},)},
                )
            },
        }
    )
    (fault,) = document_checks(rules, "t")
    assert fault.place == "spec.queues[0].ask[0].when"
    assert fault.column > 1
