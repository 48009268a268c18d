"""A Cancel is repeated until it is answered, in growing steps, by any live node."""

from nrcli.wire.messages import CancelVerdict
from site_agent.core.actions import SendToNode, StartTimer
from site_agent.core.cancels import Cancels
from site_agent.core.leaders import Leaders
from site_agent.core.outbox import Outbox
from site_agent.core.settings import SiteSettings


def make() -> tuple[Cancels, Outbox]:
    out = Outbox()
    leaders = Leaders({}, out)
    leaders.link_up("n1")
    leaders.link_up("n2")
    return Cancels("lisbon", SiteSettings(), leaders, out), out


def test_steps_grow_to_a_limit_and_nodes_take_turns() -> None:
    cancels, out = make()
    cancels.ask("t", "r", "porto", 0.0, watched=True)
    steps, nodes, now_s = [], [], 0.0
    for _ in range(6):
        actions = out.take()
        nodes += [a.node for a in actions if isinstance(a, SendToNode)]
        at_s = next(a.at_s for a in actions if isinstance(a, StartTimer))
        steps.append(at_s - now_s)
        now_s = at_s
        cancels.due("t", now_s)
    assert steps == [0.5, 1.0, 2.0, 4.0, 4.0, 4.0]
    assert nodes[:4] == ["n1", "n2", "n1", "n2"]


def test_a_watched_one_goes_on_after_taken_and_ends_with_never() -> None:
    cancels, _ = make()
    cancels.ask("t", "r", "porto", 0.0, watched=True)
    cancels.answered("t", CancelVerdict.TAKEN)
    assert len(cancels) == 1
    cancels.answered("t", CancelVerdict.NEVER)
    assert len(cancels) == 0


def test_one_that_nobody_waits_for_is_given_up() -> None:
    cancels, out = make()
    cancels.ask("t", "r", "porto", 0.0, watched=False)
    cancels.due("t", 59.0)
    assert len(cancels) == 1
    cancels.due("t", 60.0)
    assert len(cancels) == 0 and out.counters["cancels_given_up"] == 1
    cancels.due("t", 61.0)


def test_asking_again_sends_no_second_at_once() -> None:
    cancels, out = make()
    cancels.ask("t", "r", "porto", 0.0, watched=True)
    out.take()
    cancels.ask("t", "r", "porto", 0.1, watched=False)
    assert out.take() == []
