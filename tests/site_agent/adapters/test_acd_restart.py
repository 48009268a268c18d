"""What crosses a restart is plain frozen data."""

import dataclasses

import pytest

from site_agent.adapters.acd_restart import CallResumed, KeepForRestart


@pytest.mark.parametrize("kind", [CallResumed, KeepForRestart])
def test_frozen(kind: type) -> None:
    assert dataclasses.is_dataclass(kind)
    fields = {field.name for field in dataclasses.fields(kind)}
    assert kind.__dataclass_params__.frozen and fields  # type: ignore[attr-defined]
