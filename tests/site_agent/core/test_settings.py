"""Settings have defaults that agree with one another."""

from site_agent.core.settings import QueueRules, SiteSettings, rules_of


def test_defaults_agree() -> None:
    settings = SiteSettings()
    assert 0.05 <= settings.coalesce_s <= 0.2
    assert settings.cancel_first_s < settings.cancel_s_max < settings.probe_after_s
    assert settings.tombstone_s > settings.return_place_s > settings.probe_after_s
    assert settings.refer_retry_s <= settings.deadline_s


def test_a_queue_that_is_not_named_is_not_shared() -> None:
    settings = SiteSettings(queues={"a": QueueRules(queue="a")})
    assert rules_of(settings, "a").shared and not rules_of(settings, "b").shared
