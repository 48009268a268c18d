"""Leadership as a site believes it: epochs only grow, and are stored before acknowledged."""

from nrcli.wire.messages import NO_EPOCH, Epoch, EpochRefused, Leading, LeadingAck, NotLeading
from site_agent.core.actions import SaveEpoch, SendToNode, WriteHistory
from site_agent.core.events import EpochSaved
from site_agent.core.leaders import Leaders
from site_agent.core.outbox import Outbox

LOW, HIGH = Epoch(generation=1, revision=4), Epoch(generation=1, revision=9)


def make() -> tuple[Leaders, Outbox]:
    out = Outbox()
    leaders = Leaders({}, out)
    leaders.link_up("n1")
    leaders.link_up("n2")
    return leaders, out


def lead(leaders: Leaders, node: str, epoch: Epoch) -> None:
    leaders.heard(node, Leading(domain="default", epoch=epoch, node=node))
    leaders.saved(EpochSaved(domain="default", epoch=epoch, node=node))


def ended(request_id: str, leader: str = "", epoch: Epoch = NO_EPOCH) -> NotLeading:
    return NotLeading(domain="default", request_id=request_id, leader=leader, epoch=epoch)


def test_saved_first_then_acknowledged() -> None:
    leaders, out = make()
    leaders.heard("n1", Leading(domain="default", epoch=LOW, node="n1"))
    assert [type(a) for a in out.take()] == [SaveEpoch]
    assert leaders.node_of("default") == ""
    leaders.saved(EpochSaved(domain="default", epoch=LOW, node="n1"))
    acks = [a for a in out.take() if isinstance(a, SendToNode)]
    assert isinstance(acks[0].message, LeadingAck)
    assert leaders.node_of("default") == "n1"


def test_a_lower_epoch_is_refused_and_changes_nothing() -> None:
    leaders, out = make()
    lead(leaders, "n2", HIGH)
    out.take()
    leaders.heard("n1", Leading(domain="default", epoch=LOW, node="n1"))
    (action,) = out.take()
    assert isinstance(action, SendToNode) and isinstance(action.message, EpochRefused)
    assert leaders.node_of("default") == "n2"
    assert not leaders.obeys("n1", "default", LOW, "r")
    assert leaders.obeys("n2", "default", HIGH, "r")


def test_the_last_of_two_quick_leaders_leads() -> None:
    leaders, _ = make()
    leaders.heard("n1", Leading(domain="default", epoch=LOW, node="n1"))
    leaders.heard("n2", Leading(domain="default", epoch=HIGH, node="n2"))
    leaders.saved(EpochSaved(domain="default", epoch=HIGH, node="n2"))
    leaders.saved(EpochSaved(domain="default", epoch=LOW, node="n1"))
    assert (leaders.node_of("default"), leaders.highest_of("default")) == ("n2", HIGH)


def test_a_node_without_a_stream_does_not_lead() -> None:
    leaders, _ = make()
    lead(leaders, "n1", LOW)
    leaders.link_down("n1")
    assert leaders.node_of("default") == ""
    leaders.link_up("n1")
    assert leaders.node_of("default") == ""
    leaders.heard("n1", Leading(domain="default", epoch=LOW, node="n1"))
    assert leaders.node_of("default") == "n1"


def test_messages_between_sites_go_by_the_leader_first_then_by_the_others() -> None:
    leaders, _ = make()
    lead(leaders, "n2", LOW)
    assert [leaders.relay(i) for i in range(3)] == ["n2", "n1", "n2"]
    leaders.link_down("n1")
    leaders.link_down("n2")
    assert leaders.relay() == ""


def test_every_higher_epoch_is_written_down() -> None:
    leaders, out = make()
    lead(leaders, "n1", LOW)
    lines = [a for a in out.take() if isinstance(a, WriteHistory)]
    assert lines[0].fields["revision"] == 4


def test_a_leader_that_stops_leads_no_more_whatever_is_on_its_way_to_the_disk() -> None:
    leaders, _ = make()
    lead(leaders, "n1", LOW)
    leaders.not_leading("n1", ended(""))
    assert leaders.node_of("default") == ""
    leaders.heard("n2", Leading(domain="default", epoch=HIGH, node="n2"))
    leaders.not_leading("n2", ended(""))
    leaders.saved(EpochSaved(domain="default", epoch=HIGH, node="n2"))
    assert (leaders.node_of("default"), leaders.highest_of("default")) == ("", HIGH)


def test_an_answer_to_a_request_does_not_end_an_epoch_on_its_way_to_the_disk() -> None:
    leaders, _ = make()
    leaders.heard("n1", Leading(domain="default", epoch=LOW, node="n1"))
    leaders.not_leading("n1", ended("r1"))
    leaders.saved(EpochSaved(domain="default", epoch=LOW, node="n1"))
    assert leaders.node_of("default") == "n1"


def test_what_a_node_says_of_an_earlier_leadership_ends_no_later_one() -> None:
    leaders, _ = make()
    lead(leaders, "n1", HIGH)
    leaders.not_leading("n1", ended("r1", epoch=LOW))
    leaders.not_leading("n1", ended("", epoch=LOW))
    leaders.not_leading("n1", ended("r2", leader="n1", epoch=HIGH))
    assert leaders.node_of("default") == "n1"
    leaders.not_leading("n1", ended("r3", epoch=HIGH))
    assert leaders.node_of("default") == ""


def test_an_epoch_given_twice_belongs_to_the_node_that_claimed_it_first() -> None:
    leaders, out = make()
    lead(leaders, "n1", HIGH)
    out.take()
    leaders.heard("n2", Leading(domain="default", epoch=HIGH, node="n2"))
    assert not leaders.obeys("n2", "default", HIGH, "r")
    for action in out.take():
        assert isinstance(action, SendToNode) and action.node == "n2"
        assert isinstance(action.message, EpochRefused)
        assert (action.message.highest, action.message.claimed_by) == (HIGH, "n1")
    assert leaders.obeys("n1", "default", HIGH, "r") and leaders.node_of("default") == "n1"


def test_who_claimed_it_is_known_before_it_is_on_disk_and_after_a_restart() -> None:
    leaders, out = make()
    leaders.heard("n1", Leading(domain="default", epoch=HIGH, node="n1"))
    out.take()
    leaders.heard("n1", Leading(domain="default", epoch=HIGH, node="n1"))
    assert out.take() == []
    leaders.heard("n2", Leading(domain="default", epoch=HIGH, node="n2"))
    (action,) = out.take()
    assert isinstance(action, SendToNode) and isinstance(action.message, EpochRefused)
    assert (action.message.highest, action.message.claimed_by) == (HIGH, "n1")
    again = Leaders({"default": HIGH}, out, {"default": "n1"})
    assert again.obeys("n1", "default", HIGH, "r")
    assert not again.obeys("n2", "default", HIGH, "r")


def test_where_nobody_knows_who_claimed_it_the_first_to_come_has_it() -> None:
    leaders = Leaders({"default": HIGH}, Outbox())
    leaders.link_up("n2")
    leaders.heard("n2", Leading(domain="default", epoch=HIGH, node="n2"))
    assert leaders.node_of("default") == "n2"
    assert not leaders.obeys("n1", "default", HIGH, "r")
