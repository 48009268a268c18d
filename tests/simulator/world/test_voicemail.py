"""Callers of a simulated network end at a handler, or find it full and wait on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sim_models import HEAD, documents, network
from sim_world import at, changed, run

from nrcli.wire.messages import TransferMethod
from routing_policies.document import NetworkDocuments, assemble
from simulator.model.instants import US
from simulator.model.network import FaultModel
from simulator.model.outcomes import Outcome
from simulator.world.engine import WorldEngine
from simulator.world.ways import Going, Way
from site_agent.adapters.base import StartMove

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


@pytest.mark.parametrize("way", list(Way))
@pytest.mark.parametrize("method", ["redirect_302", "refer", "bridge"])
def test_on_a_broken_path_nobody_is_lost_and_nobody_has_two(
    method: str, way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    going = Going(way=way, more_us=4 * US if way is Way.LATE else 0)
    monkeypatch.setattr("simulator.world.carriers.drawn", lambda dice: going)
    made = network((1,), duration_s=300.0, documents=with_mail(method))
    if method == "refer":
        made = replace(made, sites=(changed(made.sites[0], queue_answer_after_us=3 * US),))
    broken = FaultModel(kind="path", window=(0, 300 * US))
    finished, outcomes, _ = run(
        replace(made, faults=(broken,)), at([1.0, 2.0], talk_us=[60 * US] * 2)
    )
    assert not finished.problems
    begun = way not in (Way.REFUSED, Way.NOWHERE)
    assert set(outcomes["outcome"]) == {
        Outcome.ANSWERED,
        Outcome.TO_HANDLER if begun else Outcome.ANSWERED,
    }


def test_a_handler_that_takes_a_caller_from_an_agent_is_told() -> None:
    made = network((1,), duration_s=60.0, documents=with_mail("refer"))
    started = WorldEngine().start(made)
    started.feed(at([1.0]), 30 * US)
    (try_,) = started.world.callers.live.values()
    (leg,) = try_.legs.values()
    command = StartMove(
        call_id=leg.call_id,
        move_id="m",
        method=TransferMethod.REFER,
        address="sip:mail@192.0.2.9",
        because="busy",
    )
    started.world.voicemail.begin(leg, command)
    started.world.timeline.run(40 * US)
    assert "is taken from an agent by a handler" in started.problems[0]
