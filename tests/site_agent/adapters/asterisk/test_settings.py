from site_agent.adapters.asterisk.settings import HOLD_REASON, UNANSWERED_REASON, AsteriskSettings


def test_waiting_fits_the_dialplans_own_limits() -> None:
    settings = AsteriskSettings(queues=(), trunk_groups=())
    assert settings.arrival_s < 2.0, "the dialplan refuses an arrival after 2 s"
    assert settings.data_within_s_max < 1.0, "an arrived caller is answered within 1 s"
    assert settings.refer_s_max < 32.0, "an unanswered REFER ends the caller's dialog"
    assert HOLD_REASON != UNANSWERED_REASON
