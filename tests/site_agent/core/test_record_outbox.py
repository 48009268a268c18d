"""Records wait for a node, are numbered, and leave a gap where one is lost."""

from dataclasses import replace

from site_playbook import SETTINGS, SitePlay, agent_of, offered

from nrcli.wire import messages as msg
from site_agent.adapters import base
from site_agent.core.events import NodeLinkDown, NodeLinkUp


def call(play: SitePlay, name: str) -> SitePlay:
    play.event(offered(name))
    return play.event(base.CallEnded(call_id=name, released_by="caller"))


def told(play: SitePlay) -> list[tuple[str, int]]:
    return [(one.call_id, one.number) for one in play.sent(msg.CallLegRecord)]


def test_without_a_node_records_wait() -> None:
    play = SitePlay()
    call(call(play, "c1"), "c2")
    assert told(play) == []
    assert told(play.event(NodeLinkUp(node="n1"))) == [("c1", 1), ("c2", 2)]
    assert told(call(play, "c3")) == [("c3", 3)]
    play.event(NodeLinkDown(node="n1", reason=""))
    assert told(call(play, "c4")) == []


def test_the_oldest_go_first_and_their_numbers_are_missing() -> None:
    play = SitePlay(replace(SETTINGS, records_waiting_max=2))
    for name in ("c1", "c2", "c3"):
        call(play, name)
    assert told(play.event(NodeLinkUp(node="n1"))) == [("c2", 2), ("c3", 3)]
    assert play.daemon.view(play.now_s).counters["records_shed"] == 1


def test_many_go_in_turns() -> None:
    play = SitePlay()
    for number in range(600):
        play.event(agent_of("anna", list(msg.AgentState)[1 + number % 2]), at_s=100.0 + number)
    up = play.event(NodeLinkUp(node="n1", records=True))
    assert len(up.sent(msg.AgentStateRecord)) == 500
    assert len(play.event(NodeLinkUp(node="n2", records=True)).sent(msg.AgentStateRecord)) == 99
