"""A pair's settings fit together, or are refused with the reason."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from site_agent.pair_config import PairConfig


def config(**changes: Any) -> PairConfig:
    return PairConfig.model_validate({"name": "a", "folder": Path("/x"), "hosts": "two"} | changes)


def test_defaults_are_those_of_the_core() -> None:
    settings = config().settings
    assert (settings.lease_s, settings.margin_s, settings.one_host) == (3.0, 0.5, False)
    assert config(hosts="one").settings.one_host


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"lease_s": 1.2}, "too short"),
        ({"name": "a b"}, "pattern"),
        ({"hosts": "three"}, "one' or 'two"),
        ({"watch_s": 0}, "greater than or equal"),
    ],
)
def test_what_does_not_fit_is_refused(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        config(**changes)
