"""Rules about asking, in order."""

import pytest
from site_rules import rules

from routing_policies import columns as c
from routing_policies.errors import DocumentError
from routing_policies.loading import load_document
from site_agent.core.ask_conditions import AskRules, compiled

ROW = [0.0] * c.QUEUE_COLUMNS
CALL = [0.0] * c.CALL_FEATURES_FROM


def of(asks: str) -> AskRules:
    document = load_document(rules(f"[{{queue: sales, ask: {asks}}}]"), source="r")
    return compiled(document, source="r")["sales"]


def test_the_first_rule_that_holds_decides() -> None:
    found = of(
        '[{name: vip, when: "call.priority >= 5"}, {name: calm, when: "queue.waiting_count < 3",'
        " ask: false}, {name: rest}]"
    )
    row, call = list(ROW), list(CALL)
    assert not found.say(0.0, row, call)
    call[c.C_PRIORITY] = 5
    assert found.say(0.0, row, call)
    call[c.C_PRIORITY], row[c.Q_WAITING] = 0, 3
    assert found.say(0.0, row, call)


def test_none_listed_asks_and_none_holding_does_not() -> None:
    assert of("[]").say(0.0, ROW, CALL)
    assert not of('[{name: late, when: "call.waited_s > 20"}]').say(0.0, ROW, CALL)


def test_what_a_site_cannot_know_is_refused() -> None:
    with pytest.raises(DocumentError) as wrong:
        of('[{name: a, when: "network.free_count > 0"}, {name: b, when: "queue.ewt_s > \'x\'"}]')
    assert [fault.place for fault in wrong.value.faults] == [
        "spec.queues[0].ask[0].when",
        "spec.queues[0].ask[1].when",
    ]
