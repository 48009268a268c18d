"""What a site agent's file may say about callbacks."""

import pytest
from pydantic import ValidationError

from site_agent.callback_config import CallbacksConfig
from site_agent.core.callback_settings import CallbackSettings


def test_the_defaults_are_those_of_the_daemon() -> None:
    assert CallbacksConfig().settings() == CallbackSettings()
    assert CallbacksConfig(denied=("+35176",)).settings().denied == ("+35176",)


@pytest.mark.parametrize(
    "wrong", [{"attempts_max": 0}, {"ring_s": 300}, {"denied": ["0900"]}, {"often": True}]
)
def test_wrong_settings_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        CallbacksConfig.model_validate(wrong)
