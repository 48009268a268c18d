from pathlib import Path

import pytest
from pydantic import ValidationError

from site_agent.peer_plan_config import BlindShareConfig, PeerPlanConfig


def test_the_plan_lies_beside_the_state_unless_named() -> None:
    keys = {"public_key_file": "a.pub", "call_key_file": "c.key"}
    read = PeerPlanConfig.model_validate(keys)
    assert read.path(Path("/var/state.json")) == Path("/var/state.json.peer_plan.yaml")
    named = PeerPlanConfig.model_validate(keys | {"file": "/etc/plan.yaml"})
    assert named.path(Path("/var/state.json")) == Path("/etc/plan.yaml")


def test_a_blind_share_is_a_setting_of_the_core() -> None:
    read = BlindShareConfig(service="sales", share=0.1, address="sip:1@192.0.2.1:5060")
    setting = read.as_setting()
    assert (setting.share, setting.address) == (0.1, "sip:1@192.0.2.1:5060")
    with pytest.raises(ValidationError):
        BlindShareConfig(service="sales", share=1.1, address="sip:1@192.0.2.1:5060")
    with pytest.raises(ValidationError):
        BlindShareConfig(service="sales", share=0.1, address="198.51.100.1")
