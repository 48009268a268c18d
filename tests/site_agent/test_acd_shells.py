"""The shell that belongs to a kind of ACD; ids and tokens."""

from __future__ import annotations

from pathlib import Path

from site_agent.acd_shells import ShellTools, make_shell, new_id, new_token
from site_agent.config import parse_config
from site_agent.freeswitch_shell import FreeswitchShell
from site_agent.http_push_shell import HttpPushShell
from site_agent.in_memory_shell import InMemoryShell
from site_agent.sip_acd_shell import SipAcdShell

TOOLS = ShellTools(
    post=lambda _input: True, now=lambda: 100.0, keep=lambda _kept: None, may_act=lambda: True
)
HEAD = "site: lisbon\nincarnation_file: /x/state.json\n"
MEMORY = HEAD + "acd: {kind: in_memory, queues: [{name: sales}]}\n"
PUSH = HEAD + (
    'acd: {{kind: http_push, listen: "127.0.0.1:0", token_file: {token},'
    " queues: [{{name: sales}}]}}\n"
)
SIP = (
    HEAD
    + "acd: {kind: sip_acd, queues: [{name: sales}], trunk_groups: [{name: carrier, listen: "
    + '"127.0.0.1:0", peers: ["127.0.0.0/8"], channels_max: 2, numbers: {"*": sales}}]}\n'
)

FREESWITCH = (
    HEAD
    + "acd: {kind: freeswitch, password_file: %s, queues: [{name: sales}], trunk_groups: [{name: c,"
    + ' profile: external, address: "127.0.0.1:5080", channels_max: 2}]}\n'
)


def test_each_kind_of_acd_has_its_shell(tmp_path: Path) -> None:
    pushed = PUSH.format(token=tmp_path / "token")
    assert isinstance(make_shell(parse_config(pushed, source="p").acd, TOOLS), HttpPushShell)
    assert isinstance(make_shell(parse_config(MEMORY, source="m").acd, TOOLS), InMemoryShell)
    assert isinstance(make_shell(parse_config(SIP, source="s").acd, TOOLS), SipAcdShell)


def test_freeswitch_needs_its_password(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("ClueCon")
    acd = parse_config(FREESWITCH % file, source="f").acd
    assert isinstance(make_shell(acd, TOOLS), FreeswitchShell)


def test_tokens_are_128_bits_in_letters_that_survive() -> None:
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100 and len(new_id()) == 32
    for token in tokens:
        assert token.startswith("nirc-") and len(token) == 31
        assert set(token[5:]) <= set("abcdefghijklmnopqrstuvwxyz234567")
