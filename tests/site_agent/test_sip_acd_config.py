"""The built-in ACD in a site agent's file."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from site_agent.sip_acd_config import SipAcdConfig, transfers_to_nowhere

GROUP: dict[str, Any] = {
    "name": "carrier",
    "listen": "127.0.0.1:0",
    "peers": ["127.0.0.0/8"],
    "channels_max": 2,
    "numbers": {"*": "sales"},
}


def read(**changed: Any) -> SipAcdConfig:
    queues = [{"name": "sales"}]
    base = {"kind": "sip_acd", "trunk_groups": [GROUP], "queues": queues}
    return SipAcdConfig.model_validate(base | changed)


def test_the_player_sends_from_the_first_trunk_groups_host() -> None:
    assert read().rtp_listen == "127.0.0.1:0"


def test_an_answer_without_media_is_refused() -> None:
    with pytest.raises(ValidationError, match="callers answered without it would hear silence"):
        read(trunk_groups=[GROUP | {"answer_after_s": 1.0}])


def test_channels_that_are_all_kept_free_are_refused() -> None:
    with pytest.raises(ValidationError, match=r"min_free \(2\) leaves nothing"):
        read(trunk_groups=[GROUP | {"min_free": 2}])


def test_transfers_that_lead_nowhere_are_named() -> None:
    classes = [{"name": "a", "agents": ["nobody", "anna", "*"], "services": ["help", "*"]}]
    numbers = {"801": "billing", "802": "sales", "803": "help"}
    transfers = {"short_numbers": numbers, "classes": classes}
    told = transfers_to_nowhere(
        read(transfers=transfers, agents=[{"name": "anna", "queues": {"sales": 1}}])
    )
    assert [one.partition(":")[0] for one in told] == [
        "acd.transfers.short_numbers.801",
        "acd.transfers.classes[0].agents",
    ]
    assert told[0].endswith("refused (404)") and told[1].endswith("is called nobody")
