"""Expressions of the dashboard and the alert rules that are shipped."""

from __future__ import annotations

import json
from typing import Any

import yaml
from source_tree import ROOT

DASHBOARD = ROOT / "deploy" / "grafana" / "nirc-network.json"
RULES = ROOT / "deploy" / "prometheus" / "nirc-alerts.yaml"


def dashboard() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(DASHBOARD.read_text(encoding="utf-8"))
    return found


def rules() -> list[dict[str, Any]]:
    (group,) = yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"]
    found: list[dict[str, Any]] = group["rules"]
    return found


def expressions() -> list[str]:
    board = dashboard()
    panels = [target["expr"] for panel in board["panels"] for target in panel.get("targets", ())]
    notes = [one["expr"] for one in board["annotations"]["list"]]
    choices = [one["query"] for one in board["templating"]["list"]]
    return [*panels, *notes, *choices, *(rule["expr"] for rule in rules())]
