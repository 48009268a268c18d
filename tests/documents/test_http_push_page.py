"""The page of http_push: its file is good as it stands, its words are those of the code."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from pathlib import Path

import yaml
from documents import ROOT, blocks_of
from etcd_cluster import free_ports

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


CLIENT = [sys.executable, str(ROOT / "docs/examples/http_push_client.py")]


def test_the_sample_client_names_a_token_file_that_is_not_there(tmp_path: Path) -> None:
    asked = [*CLIENT, "--url", "http://127.0.0.1:9", "--token-file", str(tmp_path / "none")]
    run = subprocess.run(asked, capture_output=True, text=True, check=False, timeout=20)
    assert run.returncode == 1 and "Traceback" not in run.stderr
    assert "none: No such file or directory; the site agent writes it" in run.stderr


def test_the_sample_client_refuses_what_is_no_address() -> None:
    asked = [*CLIENT, "--url", "nonsense", "--token-file", "none"]
    run = subprocess.run(asked, capture_output=True, text=True, check=False, timeout=20)
    assert run.returncode == 2 and "Traceback" not in run.stderr
    assert "--url nonsense: write http://HOST:PORT" in run.stderr


def test_the_sample_client_says_once_that_nobody_listens(tmp_path: Path) -> None:
    token = tmp_path / "cti.token"
    token.write_text("t" * 20)
    (port,) = free_ports(1)
    asked = [*CLIENT, "--url", f"http://127.0.0.1:{port}", "--token-file", str(token)]
    with subprocess.Popen(asked, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        first = json.loads(run.stdout.readline())
        time.sleep(1.2)
        run.kill()
        rest = run.stdout.read()
    assert "ConnectionKey" not in first["problem"] and str(port) in first["problem"]
    assert "is the site agent running" in first["remedy"] and rest == ""
