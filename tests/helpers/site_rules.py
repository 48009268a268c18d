"""OverflowRules, calendars and site documents for playbooks of a site daemon."""

from __future__ import annotations

import json
from typing import Any

from site_playbook import SitePlay

from nrcli.wire import messages as msg
from site_agent.core.events import OverflowRulesRead, WallTimeRead

HEAD = "apiVersion: nirc/v1\n"
MONDAY_9H_UNIX_S = 1_767_603_600.0
"2026-01-05 09:00 UTC."
OFFICE = """apiVersion: nirc/v1
kind: Calendar
metadata: {name: office}
spec:
  time_zone: UTC
  hours: [{days: [mon, tue, wed, thu, fri], from: "08:00", to: "18:00"}]
"""


def rules(queues: str, site: str = "lisbon") -> str:
    """A file of OverflowRules; `queues` is a YAML list in flow style."""
    return f"{HEAD}kind: OverflowRules\nmetadata: {{name: {site}}}\nspec:\n  queues: {queues}\n"


def read_rules(play: SitePlay, text: str) -> SitePlay:
    return play.event(OverflowRulesRead(source="rules.yaml", text=text))


def told(
    play: SitePlay, *, queue: str = "", spec: str = "", revision: int = 1, **texts: str
) -> Any:
    """A node carries this site's own document, the calendar `office` and others."""
    site = (
        f"{HEAD}kind: Site\nmetadata: {{name: lisbon}}\nspec:\n"
        f"  queues: [{{name: sales, {queue}}}]\n{spec}"
    )
    documents = {"Site/lisbon": site, "Calendar/office": OFFICE}
    documents |= {name.replace("__", "/"): text for name, text in texts.items()}
    message = msg.SiteDocuments(
        revision=revision, site_table=b"", documents=json.dumps(documents).encode()
    )
    return play.said(message)


def at(play: SitePlay, unix_s: float) -> SitePlay:
    """The clock on the wall is read."""
    return play.event(WallTimeRead(unix_s=unix_s))
