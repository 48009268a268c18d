"""The parts are joined: what one says reaches the other."""

from site_playbook import SitePlay, agent_of, offered, queue_of, trunk_of

from nrcli.wire.messages import StateSnapshot
from site_agent.core.events import NodeLinkUp


def test_every_kind_of_entity_has_its_source() -> None:
    play = SitePlay().event(queue_of()).event(trunk_of("carrier")).event(agent_of("anna"))
    play.event(offered()).event(NodeLinkUp(node="n1"))
    kinds = {type(e).__name__ for e in play.sent(StateSnapshot)[0].entities}
    assert kinds == {"QueueReport", "TrunkReport", "AgentReport", "WaitingCallReport"}
