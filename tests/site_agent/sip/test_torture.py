"""Messages of the kinds of RFC 4475: a proper answer, an event, or silence, and nothing else."""

import importlib.util
from pathlib import Path

import pytest
from sip_samples import TORTURE
from sip_wire import ids

from nrcli.sip.message import Response, parse
from site_agent.sip.settings import SipSettings
from site_agent.sip.signals import Peer, SendBytes
from site_agent.sip.user_agent import UserAgent

PEER = Peer("udp", ("127.0.0.1", 5002), ("127.0.0.1", 5001))
FUZZ = Path(__file__).resolve().parents[2] / "fuzz" / "fuzz_sip.py"


@pytest.mark.parametrize("name", TORTURE)
def test_torture(name: str) -> None:
    data, expected = TORTURE[name]
    agent = UserAgent(SipSettings(), ids("u"))
    outputs = agent.receive(data, PEER, 1.0)
    if expected == "silence":
        assert outputs == []
    elif expected == "event":
        assert len(outputs) == 1
        assert not isinstance(outputs[0], SendBytes)
        assert str(outputs[0].request.uri)
    else:
        (sent,) = outputs
        response = parse(sent.data)
        assert isinstance(response, Response)
        assert response.status == int(expected)
        assert ";tag=" in response.headers.get("to", "")


def test_mutants_find_nothing() -> None:
    spec = importlib.util.spec_from_file_location("fuzz_sip", FUZZ)
    assert spec is not None
    assert spec.loader is not None
    fuzz_sip = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(fuzz_sip)
    for seed in (1, 2):
        assert fuzz_sip.run(seed, messages=4_000) == 4_000
