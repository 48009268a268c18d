"""Small scenarios for tests of sampling, made from a text."""

from __future__ import annotations

from pathlib import Path

import yaml

from simulator.model.network import NetworkModel
from simulator.sampling.source import CallSource, source_of
from simulator.scenarios.loading import Scenario, scenario_of
from simulator.scenarios.lowering import model_of

TEXT = """
apiVersion: nirc/v1
kind: Scenario
metadata: {name: small}
spec:
  seed: 7
  start: "2026-03-02T00:00:00"
  time_zone: UTC
  duration_s: 7200
  services: [{name: sales}]
  sites:
    - {name: lisbon, queues: [{name: sales}], agents: [{group: a, count: 3, skills: {sales: 5}}]}
    - {name: porto, queues: [{name: sales}], agents: [{group: a, count: 2, skills: {sales: 5}}]}
  ingresses:
    - {name: lisbon, service: sales, entry_sites: [{site: lisbon}]}
    - {name: porto, service: sales, entry_sites: [{site: porto}]}
  talk: {sales: {exponential: {mean_s: 180}}}
  patience: {sales: {exponential: {mean_s: 120}}}
  arrivals: [{ingress: lisbon, per_s: 0.5}, {ingress: porto, per_s: 0.3}]
"""


def scenario(folder: Path = Path(), **changes: object) -> Scenario:
    """The scenario with some keys of its spec changed."""
    doc = yaml.safe_load(TEXT)
    doc["spec"] |= changes
    return scenario_of(yaml.safe_dump(doc), source="small.yaml", folder=folder)


def source(one: Scenario, replication: int = 0) -> CallSource:
    """Its calls."""
    model: NetworkModel = model_of(one)
    return source_of(one, model, replication=replication)
