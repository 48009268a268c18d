"""What limits a queue is reported and lent by."""

from site_playbook import SETTINGS, led

from site_agent.core.queue_limits import QueueLimits
from site_agent.core.settings import rules_of
from site_agent.core.site_model import SiteModel


def test_a_model_without_limits_of_its_own_keeps_to_the_settings() -> None:
    model = SiteModel(SETTINGS, lambda kind, name: None, dict)
    assert model.limits.rules("sales") == rules_of(SETTINGS, "sales")
    assert not model.limits.closed and not model.limits.guarded


def test_closed_refusing_and_guarded_are_reported() -> None:
    model = led().daemon._parts.model
    limits: QueueLimits = model.limits
    limits.closed.add("sales")
    limits.refusing.add("sales")
    limits.guarded["sales"] = "too low"
    report = model.queue_report("sales")[0]
    assert (report.open, report.accepting, report.max_loan) == (False, False, 0)
