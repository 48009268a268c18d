"""The ACD in memory in a site agent's file."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from site_agent.in_memory_config import InMemoryAcdConfig


def test_it_needs_a_queue_and_nothing_else() -> None:
    read = InMemoryAcdConfig.model_validate({"kind": "in_memory", "queues": [{"name": "sales"}]})
    assert read.queues[0].shared
    with pytest.raises(ValidationError, match="queues"):
        InMemoryAcdConfig.model_validate({"kind": "in_memory", "queues": []})
