"""What concerns records is heard by them, and by whose it is."""

from site_playbook import led

from nrcli.wire import messages as msg
from site_agent.adapters import base
from site_agent.core.events import NodeLinkUp


def test_events_of_unknown_calls_are_nobodys() -> None:
    play = led().event(NodeLinkUp(node="n1", records=True))
    play.event(base.TransferBegun(call_id="?", agent="anna", service="s", queue="sales"))
    play.event(base.TransferEnded(call_id="?", agent="anna", outcome="back"))
    play.event(base.AgentUnanswered(agent="anna", call_id="?"))
    assert play.sent(msg.CallLegRecord) == []
