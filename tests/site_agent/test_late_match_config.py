"""The file's word on calls without their token."""

from site_agent.late_match_config import LateMatchConfig


def test_by_number_only_where_it_is_switched_on() -> None:
    assert not LateMatchConfig().settings().by_ani
    settings = LateMatchConfig(by_ani=True, sensitive_keys=("pin",)).settings()
    assert (settings.by_ani, settings.sensitive_keys) == (True, ("pin",))
