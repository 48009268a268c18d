"""What is asked about paths is checked."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from nrcli.wire.path_models import ProbeWanted


def test_a_test_call_names_its_path() -> None:
    assert ProbeWanted(path="p").to_site == ""
    for wrong in ({}, {"path": ""}, {"path": "p", "site": "x"}):
        with pytest.raises(ValidationError):
            ProbeWanted.model_validate(wrong)
