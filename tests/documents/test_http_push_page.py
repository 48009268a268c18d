"""The page of http_push: its file is good as it stands, its words are those of the code."""

from __future__ import annotations

import re
from pathlib import Path

import yaml
from documents import ROOT, blocks_of

from site_agent.adapters.http_push.said_by_cti import EVENT_KINDS, CtiCapabilities
from site_agent.adapters.http_push.said_to_cti import COMMAND_KINDS
from site_agent.commands.conformance_steps import STEPS
from site_agent.config import parse_config
from site_agent.http_push_config import HttpPushAcdConfig

PAGE = Path("docs/adapters/http_push.md")


def test_the_file_on_the_page_is_good() -> None:
    text = next(block.text for block in blocks_of(PAGE) if block.text.startswith("site: "))
    config = parse_config(text, source=str(PAGE))
    assert isinstance(config.acd, HttpPushAcdConfig)


def test_the_page_names_every_message_command_level_and_step() -> None:
    text = (ROOT / PAGE).read_text(encoding="utf-8")
    words = set(re.findall(r"`([a-z_]+)`", text))
    assert {*EVENT_KINDS, *COMMAND_KINDS, *CtiCapabilities.model_fields} <= words
    plain = " ".join(text.split())
    assert [step.name for step in STEPS if step.name not in plain] == []


def test_its_quality_is_told() -> None:
    path = ROOT / "site_agent/adapters/http_push/quality.yaml"
    quality = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert {"adapter", "tested_against", "version", "date", "not_tested"} <= set(quality)
    assert quality["not_tested"]
