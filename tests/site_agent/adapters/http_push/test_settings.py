"""A CTI speaks three times before it counts as silent."""

from site_agent.adapters.http_push.settings import HttpPushSettings, QueueLimits
from site_agent.core.settings import SiteSettings


def test_heartbeats_and_holds_fit_their_limits() -> None:
    settings = HttpPushSettings(queues={"sales": QueueLimits()})
    assert settings.heartbeat_s * 3 == settings.silence_s
    assert settings.hold_answer_s < SiteSettings().hold_answer_s
