"""A network of three sites whose services each have a policy of their own, for tests.

Rule of this file: what is put down before the start (documents, site files, rules files); the
scenes stand in the tests. Lisbon has no agents for most services, so that its callers are asked
about at once.
"""

from __future__ import annotations

import struct
import sys
import wave
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml
from network import SMALL, TestNetwork

from nirc.demo.documents import documents
from nirc.demo.layout import LOOPBACK, NetworkShape, SiteLayout, SiteShape, TrunkShape, build_layout
from nirc.demo.phones_file import Load
from nirc.demo.ports import PortTaker
from nirc.demo.site_files import site_yaml
from nrcli.wire.api_models import Decision

PUBLIC = TrunkShape(name="public", answer_after_s=60.0, redirect_302=False, takes_refer=False)
SITES = (
    SiteShape(name="lisbon", agents=("anna",)),
    SiteShape(name="porto", agents=("diogo", "elsa")),
    SiteShape(name="faro", agents=("katia",)),
)
QUICK = Load(calls=0, answer_after_s=(0.05, 0.1), talk_s=(0.1, 0.2))
HEAD = "apiVersion: nirc/v1\nkind: {kind}\nmetadata: {{name: {name}}}\nspec: {spec}\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a network is to have beside the demo's own documents and settings."""

    policies: Mapping[str, str]
    "Service to the rules of its policy (YAML); there is a number for each."
    services: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    "More words of a NetworkService."
    sites: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    "More words of a Site."
    more: Mapping[str, str] = field(default_factory=dict)
    "`Kind/name` to the spec."
    levels: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    "Agent to queues with levels; others have all queues at 5."
    rules: Mapping[str, str] = field(default_factory=dict)
    "Site to the queues of its OverflowRules (YAML)."

    def number(self, service: str) -> str:
        """What is dialed for a service."""
        return f"+35121000{list(self.policies).index(service) + 1:04}"


class PolicyNetwork(TestNetwork):
    """A network that is given more before it starts."""

    given: Given

    def start_sites(self) -> None:
        """Every site agent, with what was given."""
        for site in self.layout.sites:
            folder = self._subfolder(site.name)
            text = site_yaml(self.layout, site, folder, self._tls("site", site.name))
            settings = folder / "site.yaml"
            settings.write_text(self._settings(site, yaml.safe_load(text)))
            command = [sys.executable, "-m", "site_agent", "run", "--config", str(settings)]
            self.processes.start(site.name, command)

    def _settings(self, site: SiteLayout, found: dict[str, Any]) -> str:
        folder = self.folder / site.name
        acd = found["acd"]
        acd["media"]["announcements"] = str(_sounds(folder))
        for group in acd["trunk_groups"]:
            if group["name"] == "public":
                group["identity_peers"] = [f"{LOOPBACK}/32"]
        for agent in acd["agents"]:
            agent["queues"] = dict(self.given.levels.get(agent["name"], agent["queues"]))
        if queues := self.given.rules.get(site.name):
            spec = f"{{queues: {queues}}}"
            (folder / "rules.yaml").write_text(
                HEAD.format(kind="OverflowRules", name=site.name, spec=spec)
            )
            found["overflow_rules"] = "rules.yaml"
        return yaml.safe_dump(found, sort_keys=False)

    def _put_documents(self) -> bool:
        leader = self.leader()
        if leader is None:
            return False
        self.admin(leader).put_documents(self._documents())
        return True

    def _documents(self) -> dict[str, str]:
        found = documents(self.layout)
        for service in self.given.policies:
            words = {"policy": service, **self.given.services.get(service, {})}
            _add(found, f"NetworkService/{service}", words)
            spec = f"{{rules: {self.given.policies[service]}}}"
            text = HEAD.format(kind="RoutingPolicy", name=service, spec=spec)
            found[f"RoutingPolicy/{service}"] = text
        for site, words in self.given.sites.items():
            _add(found, f"Site/{site}", words)
        for key, spec in self.given.more.items():
            kind, _, name = key.partition("/")
            found[key] = HEAD.format(kind=kind, name=name, spec=spec)
        return found

    def decisions_of(self, interaction_id: str) -> list[Decision]:
        """What was decided about one call, oldest first."""
        return [one for one in self.all_decisions() if one.interaction_id == interaction_id]

    def wait_all_ready(self) -> None:
        """Until everybody may take a call."""
        for site in self.layout.sites:
            for agent in site.agents:
                self.wait_ready(site.name, agent)

    def history(self, site: str) -> str:
        """What a site wrote down."""
        return (self.folder / site / "history.jsonl").read_text()


@contextmanager
def running(folder: Path, given: Given) -> Iterator[PolicyNetwork]:
    """A started network, ended whatever happens."""
    numbers = {service: given.number(service) for service in given.policies}
    shape: NetworkShape = replace(
        SMALL, sites=SITES, trunks=(*SMALL.trunks, PUBLIC), services=numbers
    )
    network = PolicyNetwork(folder, build_layout(shape, PortTaker()), QUICK)
    network.given = given
    try:
        network.start()
        yield network
    finally:
        network.stop()


def _add(found: dict[str, str], key: str, words: Mapping[str, Any]) -> None:
    document = yaml.safe_load(found[key])
    document["spec"].update(words)
    found[key] = yaml.safe_dump(document, sort_keys=False)


def _sounds(folder: Path) -> Path:
    """A folder with one announcement of half a second, `long-wait`."""
    (folder / "sounds").mkdir(exist_ok=True)
    with wave.open(str(folder / "sounds" / "long-wait.wav"), "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(8000)
        writer.writeframes(struct.pack("<4000h", *range(4000)))
    return folder / "sounds"
