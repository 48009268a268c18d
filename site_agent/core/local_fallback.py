"""What a site does with a call when NIRC gave no usable answer.

Rule of this file: the call stays in its own queue, which never stopped serving it; the only thing
decided here is when NIRC may be asked again.
"""

from __future__ import annotations

from nrcli.wire.messages import RouteAnswer, RouteOutcome
from site_agent.core.settings import SiteSettings

RETRY_S_MIN = 0.5
"A shorter time to the next question is not believed."


def ask_again_at_s(
    settings: SiteSettings, answer: RouteAnswer | None, now_s: float, requery_s: float
) -> float:
    """Instant of the next question; `answer` is None when the deadline passed without one."""
    if answer is not None and answer.outcome is RouteOutcome.ACT_LOCALLY:
        return now_s + max(settings.act_locally_pause_s, requery_s)
    if answer is not None and answer.outcome is RouteOutcome.RETRY_AFTER:
        return now_s + max(answer.retry_after_s, RETRY_S_MIN)
    return now_s + requery_s
