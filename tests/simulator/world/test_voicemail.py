"""Callers of a simulated network end at a handler, or find it full and wait on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sim_models import HEAD, documents, network
from sim_world import at, changed, run

from routing_policies.document import NetworkDocuments, assemble
from simulator.model.instants import US
from simulator.model.outcomes import Outcome

MAIL = """kind: RoutingPolicy
metadata: {name: default}
spec:
  rules:
    - {name: late, when: call.waited_s > 9, action: to_handler, handler: mail, reason: busy}
"""


def with_mail(method: str, **more: object) -> NetworkDocuments:
    """The usual documents, and a voicemail that is reached by one method."""
    texts = {key: text for key, (text, _) in documents(("lisbon",)).texts.items()}
    texts["RoutingPolicy/default"] = HEAD + MAIL
    words = "".join(f", {key}: {value}" for key, value in more.items())
    follows = "true" if method == "redirect_302" else "false"
    texts["Handler/mail"] = (
        f'{HEAD}kind: Handler\nmetadata: {{name: mail}}\nspec: {{uri: "sip:mail@192.0.2.9"{words},'
        f" ways: [{{trunk_group: carrier, methods: [{method}], follows_contacts: {follows}}}]}}\n"
    )
    return assemble({key: (text, 1) for key, text in texts.items()}, 1)


def played(method: str, seconds: list[float], **more: object) -> tuple[Any, Any]:
    made = network((1,), duration_s=300.0, documents=with_mail(method, **more))
    if method == "refer":  # which needs an answered caller
        made = replace(made, sites=(changed(made.sites[0], queue_answer_after_us=3 * US),))
    finished, outcomes, _ = run(made, at(seconds, talk_us=[120 * US] * len(seconds)))
    assert not finished.problems
    return finished, outcomes[outcomes["number"].argsort()]


def told(finished: Any, kind: str) -> list[Any]:
    return [line for line in finished.world.watch.lines if line.kind == kind]


@pytest.mark.parametrize("method", ["redirect_302", "refer", "bridge"])
def test_who_waits_too_long_ends_at_the_voicemail(method: str) -> None:
    finished, found = played(method, [1.0, 2.0])
    ended = [one.fields["outcome"] for one in told(finished, "move_ended")]
    assert found["outcome"].tolist() == [Outcome.ANSWERED, Outcome.TO_HANDLER]
    assert ended == ["to_handler"]
    assert 9 * US < found["wait_us"][1] < 20 * US


def test_a_full_voicemail_leaves_the_caller_in_the_queue() -> None:
    finished, found = played("bridge", [1.0, 2.0, 2.5], calls_max=1, call_s=600)
    assert found["outcome"].tolist() == [Outcome.ANSWERED, Outcome.TO_HANDLER, Outcome.ANSWERED]
    (ended,) = told(finished, "move_ended")
    assert ended.fields["target"] == "handler:mail"
