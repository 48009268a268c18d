"""The defaults fit together."""

from __future__ import annotations

from nirc.core.settings import RouterSettings


def test_defaults_fit_together() -> None:
    settings = RouterSettings()
    assert settings.quiet_s < settings.dead_s
    assert settings.reserve_timeout_s < settings.expires_s_min
    assert settings.data_inline_bytes_max <= settings.data_bytes_max
    assert settings.answers_kept_s > settings.deadline_s_max
    assert settings.requests_open_per_site_max <= settings.requests_open_max
