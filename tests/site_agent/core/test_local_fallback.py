"""When a call without a usable answer is asked about again."""

from site_playbook import move_answer

from nrcli.wire.messages import RouteOutcome
from site_agent.core.local_fallback import ask_again_at_s
from site_agent.core.settings import SiteSettings


def test_the_ordinary_step_and_the_pause_of_act_locally() -> None:
    settings = SiteSettings(requery_s=5.0, act_locally_pause_s=10.0)
    assert ask_again_at_s(settings, None, 100.0) == 105.0
    stay = move_answer("r", outcome=RouteOutcome.STAY)
    assert ask_again_at_s(settings, stay, 100.0) == 105.0
    alone = move_answer("r", outcome=RouteOutcome.ACT_LOCALLY)
    assert ask_again_at_s(settings, alone, 100.0) == 110.0
