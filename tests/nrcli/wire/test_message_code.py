"""What the function writer needs to know about fields."""

from __future__ import annotations

import pytest

from nrcli.wire.message_code import DURATION_MS_MAX, optional_of, parts_of, to_ms, wire_name
from nrcli.wire.messages import AgentQueue, AgentReport, AgentState, RouteRequest


@pytest.mark.parametrize(
    ("field", "kind", "wire"),
    [
        ("waited_s", float, "waited_ms"),
        ("silence_s_max", float, "silence_ms_max"),
        ("calls_count", int, "calls_count"),
        ("started_unix_s", float, "started_unix_ms"),
    ],
)
def test_wire_names(field: str, kind: type, wire: str) -> None:
    assert wire_name(field, kind) == wire


@pytest.mark.parametrize(
    ("duration_s", "ms"), [(0.0, 0), (1.0006, 1001), (-3.0, 0), (1e12, DURATION_MS_MAX)]
)
def test_milliseconds(duration_s: float, ms: int) -> None:
    assert to_ms(duration_s) == ms


def test_options_are_unwrapped() -> None:
    assert optional_of(int | None) is int
    assert optional_of(int) is None
    assert optional_of(int | str) is None


def test_parts_of_a_message() -> None:
    assert parts_of(AgentReport) == [str, AgentState, float, AgentQueue, int, float, int, float] + [
        int
    ] * 3 + [str, float, str]
    assert str in parts_of(RouteRequest)
