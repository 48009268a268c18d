"""Every command of the contract has its JSON, on one line, with its number."""

from __future__ import annotations

import json

from pydantic import TypeAdapter

from site_agent.adapters.acd_commands import HoldAgent
from site_agent.adapters.http_push.offered import COMMANDS
from site_agent.adapters.http_push.said_to_cti import (
    COMMAND_KINDS,
    ScreenPop,
    SendSnapshot,
    command_model,
    event_bytes,
    told,
    told_bytes,
)

HOLD = HoldAgent(hold_id="h", agent="anna\n", queue="sales")


def test_every_command_of_the_contract_can_be_told() -> None:
    assert set(COMMAND_KINDS.values()) == {*COMMANDS, SendSnapshot, ScreenPop}


def test_a_command_is_one_event_on_one_line() -> None:
    data = event_bytes(7, HOLD)
    assert data.startswith(b"id: 7\nevent: command\ndata: {") and data.endswith(b"}\n\n")
    assert data.count(b"\n") == 4
    assert json.loads(told_bytes(7, HOLD)) == told(7, HOLD)
    assert told(7, HOLD)["number"] == 7


def test_its_model_names_the_number() -> None:
    assert "number" in TypeAdapter(command_model(HoldAgent)).json_schema()["required"]
