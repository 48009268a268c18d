"""Dry runs: the router's answer comes back to whoever asked, or that none came."""

import asyncio

import pytest
from policy_texts import policy_text, text_of

from nirc.core.actions import DecisionRecord, DryRunTold
from nirc.core.events import DryRun, Event
from nirc.errors import DocumentRefusedError
from nirc.links.dry_runs import DryRuns
from nirc.links.node_report import decision_of
from nirc.telemetry.decision_log import LoggedDecision
from nrcli.wire.api_models import Decision
from nrcli.wire.messages import Epoch
from nrcli.wire.policy_models import DryRun as Wanted
from routing_policies.versions import TEXT_BYTES_MAX

RECORD = DecisionRecord(
    decision_id="d",
    request_id="r",
    interaction_id="i",
    origin_site="lisbon",
    service="sales",
    domain="default",
    epoch=Epoch(generation=1, revision=2),
    policy="default",
    policy_version=7,
    rules_tried=("a",),
    candidates=(),
    outcome="stay",
    target_site="",
    queue="",
    agent="",
    took_s=0.0,
    mode="dry run",
)


def in_words(record: DecisionRecord) -> Decision:
    return decision_of(LoggedDecision(record=record, at_unix_s=1.0), "n1")


class Bench:
    """A router that answers at once, or never."""

    def __init__(self, *, answers: bool) -> None:
        self.events: list[DryRun] = []
        self.answers = answers
        self.runs = DryRuns(post=self._post, new_id=lambda: "id", tell=in_words, wait_s=0.05)

    def _post(self, event: Event) -> None:
        assert isinstance(event, DryRun)
        self.events.append(event)
        if self.answers:
            asyncio.get_running_loop().call_soon(
                self.runs.told, DryRunTold(id=event.id, record=RECORD)
            )


async def test_what_would_be_decided() -> None:
    bench = Bench(answers=True)
    wanted = Wanted(origin="lisbon", service="sales", waited_s=20.0, ani="+351910000001")
    told = await bench.runs.dry_run(wanted)
    assert (told.policy_version, told.mode, told.node) == (7, "dry run", "n1")
    event = bench.events[0]
    assert (event.site, event.policy) == ("lisbon", None)
    assert (event.request.waited_s, event.request.ani) == (20.0, "+351910000001")
    assert not event.request.verified
    await bench.runs.dry_run(wanted.model_copy(update={"verified": True}))
    assert bench.events[1].request.verified


async def test_a_policy_too_large_to_be_published_is_not_tried_either() -> None:
    bench = Bench(answers=True)
    text = policy_text() + "# " + "x" * TEXT_BYTES_MAX
    with pytest.raises(DocumentRefusedError, match="at most"):
        await bench.runs.dry_run(Wanted(origin="a", service="b", policy=text))


async def test_by_a_policy_of_ones_own() -> None:
    bench = Bench(answers=True)
    await bench.runs.dry_run(Wanted(origin="a", service="b", policy=policy_text("tried")))
    policy = bench.events[0].policy
    assert policy is not None and (policy.name, policy.version) == ("tried", 0)
    for wrong in ("kind: [", text_of("Site", "a", ""), policy_text().replace("min_exp", "x")):
        with pytest.raises(DocumentRefusedError):
            await bench.runs.dry_run(Wanted(origin="a", service="b", policy=wrong))
    assert len(bench.events) == 1


async def test_no_answer_is_told_and_a_late_one_is_dropped() -> None:
    bench = Bench(answers=False)
    with pytest.raises(DocumentRefusedError, match="no answer"):
        await bench.runs.dry_run(Wanted(origin="a", service="b"))
    bench.runs.told(DryRunTold(id="id", record=RECORD))


async def test_what_cannot_happen_is_refused() -> None:
    bench = Bench(answers=False)
    asked = asyncio.create_task(bench.runs.dry_run(Wanted(origin="a", service="b")))
    await asyncio.sleep(0)
    wrong = ("origin", "there is no Site a", "there are: lisbon")
    bench.runs.told(DryRunTold(id="id", record=RECORD, refused=wrong))
    with pytest.raises(DocumentRefusedError, match="there is no Site a"):
        await asked
