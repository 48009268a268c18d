"""Errors name the place and the remedy."""

from site_agent.errors import ConfigError, SiteAgentError


def test_a_config_error_reads_as_one_line() -> None:
    error = ConfigError("f.yaml: site", "is missing", "add it")
    assert str(error) == "f.yaml: site: is missing (add it)"
    assert isinstance(error, SiteAgentError) and error.remedy == "add it"
