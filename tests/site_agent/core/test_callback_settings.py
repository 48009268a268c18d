"""What may be said about callbacks has safe defaults."""

from site_agent.core.callback_settings import CallbackSettings


def test_nobody_is_called_often_or_for_long_by_default() -> None:
    settings = CallbackSettings()
    assert settings.attempts_max * (settings.pause_s + settings.ring_s) <= settings.keep_s
    assert not settings.allowed_list and not settings.calendar
