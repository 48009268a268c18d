"""The parts that call back, joined: the site's own rule about long waits."""

from __future__ import annotations

from callback_playbook import settings, waiting
from site_playbook import led

from site_agent.adapters import base
from site_agent.core.events import OverflowRulesRead

RULES = """apiVersion: nirc/v1
kind: OverflowRules
metadata: {name: lisbon}
spec: {queues: [{queue: sales, callback: {after_s: 30, announcement: promise}}]}
"""


def test_who_waits_so_long_is_called_back() -> None:
    play = led(settings()).event(OverflowRulesRead(source="rules.yaml", text=RULES))
    waiting(play=play).wait(24.0)
    assert not play.lines("callback_begun")
    play.wait(2.0)
    assert play.lines("callback_begun") and play.one(base.PlayAnnouncement).name == "promise"


def test_a_caller_who_has_gone_is_not_looked_at_again() -> None:
    play = led(settings()).event(OverflowRulesRead(source="rules.yaml", text=RULES))
    waiting(play=play).event(base.CallEnded(call_id="c1", released_by="caller"))
    assert "wish:c1" not in play.timers and not play.daemon._parts.callbacks.timed
