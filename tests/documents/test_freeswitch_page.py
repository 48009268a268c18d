"""The configuration in docs/adapters/freeswitch.md is whole and is what the code uses."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

import yaml
from documents import ROOT, blocks_of

from site_agent.adapters.freeswitch import channel_steps as steps
from site_agent.config import parse_config
from site_agent.freeswitch_config import FreeswitchConfig
from site_agent.freeswitch_settings import freeswitch_settings

PAGE = Path("docs/adapters/freeswitch.md")
QUALITY = ROOT / "site_agent/adapters/freeswitch/quality.yaml"


def blocks(language: str) -> list[str]:
    return [block.text for block in blocks_of(PAGE) if block.language == language]


def site() -> FreeswitchConfig:
    found = parse_config(blocks("yaml")[0], source="page").acd
    assert isinstance(found, FreeswitchConfig)
    return found


def test_the_sockets_address_is_the_same_on_both_sides() -> None:
    values = {one.get("name"): one.get("value") for one in ET.fromstring(blocks("xml")[0]).iter()}
    assert f"{values['listen-ip']}:{values['listen-port']}" == site().event_socket


def test_queues_and_agents_have_the_sites_names() -> None:
    settings, conf = freeswitch_settings(site()), ET.fromstring(blocks("xml")[1])
    queues = {one.get("name") for one in conf.iter("queue")}
    assert queues == {settings.pbx_name(queue.name) for queue in settings.queues}
    agents = [one.get("name", "") for one in conf.iter("agent")]
    assert all(settings.site_name(name) for name in agents)
    assert {one.get("queue") for one in conf.iter("tier")} == queues
    base = [one.get("value") for one in conf.iter("param") if one.get("name") == "time-base-score"]
    assert set(base) == {settings.time_base}


def test_the_dialplan_has_every_extension_that_the_adapter_uses() -> None:
    contexts = {one.get("name"): one for one in ET.fromstring(blocks("xml")[2]).iter("context")}
    ours = contexts[site().context]
    conditions = [one.get("expression", "") for one in ours.iter("condition")]
    for extension in (steps.QUEUE, steps.WAIT, steps.KEEP):
        assert f"^{extension}$" in conditions
    guarded = [one for one in ours.iter("condition") if "sched_transfer" in _applications(one)]
    assert len(guarded) == 2
    assert all("nirc_guard_s" in ET.tostring(one, encoding="unicode") for one in guarded)


def _applications(condition: ET.Element) -> list[str]:
    return [one.get("application", "") for one in condition.iter("action")]


def test_what_is_known_of_it_is_said_plainly() -> None:
    quality = yaml.safe_load(QUALITY.read_text(encoding="utf-8"))
    assert quality["tested_against"].startswith("no real FreeSWITCH")
    assert {"version", "date", "not_tested", "adapter"} <= set(quality)
    assert "No real FreeSWITCH was met yet" in (ROOT / PAGE).read_text(encoding="utf-8")
