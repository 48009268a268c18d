"""What is new in a site's counts of talks."""

from __future__ import annotations

from nirc.core.hole_places import AGENT, QUEUE
from nirc.core.outcome_window import LASTED, SHORT, UNANSWERED
from nirc.core.site_state import Change
from nirc.core.talk_reports import Talks, talks_of
from nrcli.wire.messages import AgentQueue, AgentReport, AgentState, Entity, QueueReport


def queue(**counts: int) -> QueueReport:
    return QueueReport(queue="sales", **counts)  # type: ignore[arg-type]


def agent(**counts: int) -> AgentReport:
    return AgentReport(
        agent="anna",
        state=AgentState.READY,
        in_state_s=1.0,
        queues=(AgentQueue(queue="sales"),),
        **counts,
    )


def new_in(old: Entity | None, new: Entity | None) -> Talks | None:
    return talks_of("porto", Change(("kind", "name"), old, new))


def test_a_queue_by_what_was_added() -> None:
    old = queue(lasted_count=5, short_count=1, network_lasted_count=2, network_short_count=3)
    new = queue(
        lasted_count=7,
        short_count=2,
        network_lasted_count=3,
        network_short_count=5,
        network_unanswered_count=1,
    )
    talks = new_in(old, new)
    assert talks is not None and talks.key == (QUEUE, "porto", "sales")
    assert talks.outcomes(50) == [LASTED, SHORT, SHORT, UNANSWERED]
    assert (talks.usual_good, talks.usual_bad) == (3, 4)


def test_an_agent_counts_for_their_first_queue() -> None:
    talks = new_in(agent(), agent(network_short_count=2))
    assert talks is not None
    assert (talks.key, talks.group) == ((AGENT, "porto", "anna"), "sales")
    assert talks.outcomes(1) == [SHORT]


def test_the_first_word_and_the_last_say_nothing() -> None:
    assert new_in(None, queue(network_short_count=9)) is None
    assert new_in(queue(), None) is None


def test_a_site_agent_that_started_anew_counts_from_nothing() -> None:
    talks = new_in(queue(network_short_count=9), queue(network_short_count=2))
    assert talks is not None and talks.short == 2
