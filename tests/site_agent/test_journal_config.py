"""The journal lies beside the incarnation unless somebody says otherwise."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from site_agent.journal_config import JournalConfig

STATE = Path("/var/lib/nirc/state.json")


def test_where_it_lies() -> None:
    assert JournalConfig().path(STATE) == Path("/var/lib/nirc/state.json.journal")
    assert JournalConfig(file=Path("/ssd/j")).path(STATE) == Path("/ssd/j")


@pytest.mark.parametrize("wrong", [{"sync_s_max": 0}, {"bytes_max": 1}, {"fsync": True}])
def test_wrong_settings_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        JournalConfig.model_validate(wrong)
