"""Defaults of matching calls without their token."""

from site_agent.core.late_match_settings import LateMatchSettings


def test_nobody_is_matched_by_number_unasked() -> None:
    assert (LateMatchSettings().by_session_id, LateMatchSettings().by_ani) == (True, False)
