"""The kind `AlarmRules`: when people are told that something is wrong, and which people.

Rule of this file: the form of the document. Whether a rule's parts fit together is found by
`alarm_rule_faults`; whether it holds is found by a node.

    {apiVersion: nirc/v1, kind: AlarmRules, metadata: {name: network},
     spec: {rules: [{name: long_wait, figure: queue_oldest_wait, above: 300, clear_at: 120,
                     for_s: 30, severity: major, text: somebody waits too long,
                     advice: bring agents in,
                     places: [{place: "lisbon/*", above: 600}]}],
            severities: [{alarm: site_down, severity: critical}],
            notify: {webhooks: [{name: noc, url: "https://hooks.noc.example/nirc"}],
                     mail: [{name: people, to: [noc@noc.example], severity_at_least: major}]}}}
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import Field

from routing_policies.kinds_base import AnyDocument, Name, Seconds, Strict
from routing_policies.shapes import shape

Severity = Literal["critical", "major", "minor", "warning"]
SEVERITIES: tuple[Severity, ...] = ("critical", "major", "minor", "warning")
"ITU-T X.733 section 8.1.2.3, the gravest first."
OVER_S_MIN, OVER_S_MAX = 10, 3_600

_ALARM_NAME = r"[a-z][a-z0-9_]{0,62}"
_URL = r"https?://([A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(:[0-9]{1,5})?(/[!-~]{0,1000})?"
_MAIL = r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9][A-Za-z0-9.-]{0,252}"


def _shaped(words: str, pattern: str) -> Any:
    return shape(words, re.compile(pattern).fullmatch)


def _pattern(pattern: str) -> Any:
    return Field(json_schema_extra={"pattern": f"^(?:{pattern})$"})


AlarmName = Annotated[
    str,
    _shaped("a name of small letters, digits and underscores, such as long_wait", _ALARM_NAME),
    _pattern(_ALARM_NAME),
]
WebhookUrl = Annotated[
    str,
    _shaped("an address such as https://hooks.noc.example/nirc, without user and password", _URL),
    _pattern(_URL),
]
MailAddress = Annotated[
    str, _shaped("a mail address such as noc@noc.example", _MAIL), _pattern(_MAIL)
]
Line = Annotated[str, Field(max_length=500)]
PlacePattern = Annotated[str, Field(min_length=1, max_length=300)]
Limit = Annotated[float, Field(ge=-1e9, le=1e9)]
OverSeconds = Annotated[float, Field(ge=OVER_S_MIN, le=OVER_S_MAX)]


class PlaceRule(Strict):
    """What a rule says of some places; the first that fits a place counts."""

    place: PlacePattern
    "`*` stands for any characters: `lisbon/*`."
    off: bool = False
    above: Limit | None = None
    below: Limit | None = None
    clear_at: Limit | None = None
    for_s: Seconds | None = None
    absent_s: Seconds | None = None
    severity: Severity | None = None


class AlarmRule(Strict):
    """One rule: what is wrong, from when on, and until when."""

    name: AlarmName
    "And the code of its alarm. That of a shipped rule replaces it."
    figure: Annotated[str, Field(max_length=63)]
    "Of the catalogue in docs/alarms.md."
    above: Limit | None = None
    "Wrong above this. A count: its growth within `over_s`."
    below: Limit | None = None
    "Wrong below this."
    absent_s: Annotated[float, Field(ge=10, le=86_400)] | None = None
    "Wrong when there was no value, or a count did not grow, for so long."
    clear_at: Limit | None = None
    "Over when it is back at this; none: at the limit itself."
    for_s: Seconds = 0.0
    "It must be wrong for so long without a break."
    clear_for_s: Seconds = 0.0
    "And right for so long, to be over."
    over_s: OverSeconds = 300.0
    "Of counts and shares: the time that is looked at."
    at_least: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    "Of shares: fewer cases say nothing."
    severity: Severity = "major"
    cause: Line = "threshold crossed"
    "Probable cause, in the words of ITU-T X.733 section 8.1.2.1."
    text: Line
    advice: Line = ""
    off: bool = False
    places: Annotated[tuple[PlaceRule, ...], Field(max_length=200)] = ()


class AlarmSeverity(Strict):
    """How grave an alarm of NIRC's own programs is here."""

    alarm: AlarmName
    severity: Severity


class WebhookReceiver(Strict):
    """A program that gets notices by HTTP POST."""

    name: Name
    url: WebhookUrl
    "Its host must stand in `alarms.webhook.hosts` of each node's settings."
    severity_at_least: Severity = "warning"


class MailReceiver(Strict):
    """People who get notices by mail."""

    name: Name
    to: Annotated[tuple[MailAddress, ...], Field(min_length=1, max_length=20)]
    severity_at_least: Severity = "warning"


class Notify(Strict):
    """Who is told, and how much in one message."""

    group_wait_s: Annotated[float, Field(ge=0, le=600)] = 10.0
    "So long others are waited for, so that what comes together is one message."
    group_every_s: Annotated[float, Field(ge=0, le=3_600)] = 60.0
    "At most one message in this time."
    webhooks: Annotated[tuple[WebhookReceiver, ...], Field(max_length=10)] = ()
    mail: Annotated[tuple[MailReceiver, ...], Field(max_length=10)] = ()


class AlarmRulesSpec(Strict):
    """Rules, and receivers of notices."""

    rules: Annotated[tuple[AlarmRule, ...], Field(max_length=200)] = ()
    severities: Annotated[tuple[AlarmSeverity, ...], Field(max_length=200)] = ()
    "Of alarms that no rule raises."
    notify: Notify = Notify()


class AlarmRulesDoc(AnyDocument):
    """Kind `AlarmRules`."""

    kind: Literal["AlarmRules"]
    spec: AlarmRulesSpec
