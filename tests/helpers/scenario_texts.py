"""Small scenarios as text: what a test writes, completed by what every scenario needs."""

from __future__ import annotations

import re
from pathlib import Path

from simulator.scenarios.kind import ScenarioSpec
from simulator.scenarios.loading import Scenario, scenario_of

HEAD = "apiVersion: nirc/v1\nkind: Scenario\nmetadata: {name: small}\nspec:\n"
BASE = {
    "services": "  services: [{name: sales}]\n",
    "sites": (
        "  sites:\n"
        "    - {name: lisbon, queues: [{name: sales}],"
        " agents: [{group: a, count: 2, skills: {sales: 5}}]}\n"
        "    - {name: porto, queues: [{name: sales}],"
        " agents: [{group: a, count: 2, skills: {sales: 5}}]}\n"
    ),
    "ingresses": "  ingresses: [{name: line, service: sales, entry_sites: [{site: lisbon}]}]\n",
    "arrivals": "  arrivals: [{ingress: line, per_s: 0.001}]\n",
    "paths": "  paths: [{methods: [redirect_302]}]\n",
    "patience": "  patience: {sales: {exponential: {mean_s: 60}}}\n",
}
KEY = re.compile(r"(?m)^([a-z_]+):")


def completed(chunk: str) -> str:
    """A whole scenario: keys of `spec` as in `chunk`, not indented, then what else it needs."""
    inside = "".join(f"  {line}\n" if line.strip() else "\n" for line in chunk.splitlines())
    given = set(KEY.findall(chunk))
    return HEAD + inside + "".join(text for key, text in BASE.items() if key not in given)


def scenario(chunk: str = "", folder: Path = Path()) -> Scenario:
    """The scenario, read."""
    return scenario_of(completed(chunk), source="small.yaml", folder=folder)


def spec_of(chunk: str = "") -> ScenarioSpec:
    """What it says."""
    return scenario(chunk).doc.spec
