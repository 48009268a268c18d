"""When a call without a usable answer is asked about again."""

from site_playbook import move_answer

from nrcli.wire.messages import RouteOutcome
from site_agent.core.local_fallback import ask_again_at_s
from site_agent.core.settings import SiteSettings


def test_the_ordinary_step_and_the_pause_of_act_locally() -> None:
    settings = SiteSettings(act_locally_pause_s=10.0)
    assert ask_again_at_s(settings, None, 100.0, 5.0) == 105.0
    stay = move_answer("r", outcome=RouteOutcome.STAY)
    assert ask_again_at_s(settings, stay, 100.0, 5.0) == 105.0
    alone = move_answer("r", outcome=RouteOutcome.ACT_LOCALLY)
    assert ask_again_at_s(settings, alone, 100.0, 5.0) == 110.0
    later = move_answer("r", outcome=RouteOutcome.RETRY_AFTER, retry_after_s=60.0)
    assert ask_again_at_s(settings, later, 100.0, 5.0) == 160.0
    at_once = move_answer("r", outcome=RouteOutcome.RETRY_AFTER, retry_after_s=0.0)
    assert ask_again_at_s(settings, at_once, 100.0, 5.0) > 100.0
