"""Joins the alarm rules that come with NIRC and those of a network's documents.

Rule of this file: a document's rule replaces the shipped one of its name; nothing is judged here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from routing_policies.alarm_kinds import (
    AlarmRule,
    AlarmRulesDoc,
    MailReceiver,
    Notify,
    Severity,
    WebhookReceiver,
)
from routing_policies.loading import load_document

SHIPPED = "shipped"
SHIPPED_FILE = "shipped_alarms.yaml"


@dataclass(frozen=True, slots=True)
class RuleInUse:
    """A rule, and the document that it stands in."""

    rule: AlarmRule
    document: str
    "`AlarmRules/name`, or `shipped`."


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmRulesInUse:
    """All that alarm documents say."""

    rules: tuple[RuleInUse, ...] = ()
    "By name."
    severities: Mapping[str, Severity] = field(default_factory=dict)
    webhooks: tuple[WebhookReceiver, ...] = ()
    mail: tuple[MailReceiver, ...] = ()
    group_wait_s: float = Notify().group_wait_s
    group_every_s: float = Notify().group_every_s


@cache
def shipped_rules() -> AlarmRulesDoc:
    """The rules that come with NIRC."""
    text = files("routing_policies").joinpath(SHIPPED_FILE).read_text(encoding="utf-8")
    document = load_document(text, source=SHIPPED_FILE)
    assert isinstance(document, AlarmRulesDoc)
    return document


def rules_in_use(documents: Iterable[AlarmRulesDoc]) -> AlarmRulesInUse:
    """What holds now. Of several documents the longest pause between messages counts."""
    named = sorted(documents, key=lambda one: one.name)
    rules = {rule.name: RuleInUse(rule, SHIPPED) for rule in shipped_rules().spec.rules}
    for one in named:
        source = f"AlarmRules/{one.name}"
        rules |= {rule.name: RuleInUse(rule, source) for rule in one.spec.rules}
    notify = [one.spec.notify for one in named]
    return AlarmRulesInUse(
        rules=tuple(rules[name] for name in sorted(rules)),
        severities={s.alarm: s.severity for one in named for s in one.spec.severities},
        webhooks=tuple(receiver for one in notify for receiver in one.webhooks),
        mail=tuple(receiver for one in notify for receiver in one.mail),
        group_wait_s=max((one.group_wait_s for one in notify), default=Notify().group_wait_s),
        group_every_s=max((one.group_every_s for one in notify), default=Notify().group_every_s),
    )
