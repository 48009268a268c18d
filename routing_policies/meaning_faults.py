"""Asks each kind of document for what its shape cannot show.

Rule of this file: one line per kind; a document without these faults can be used by itself.
"""

from __future__ import annotations

from routing_policies.alarm_kinds import AlarmRulesDoc
from routing_policies.alarm_rule_faults import alarm_rule_problems
from routing_policies.calendar_faults import (
    LineOf,
    calendar_faults,
    no_line,
    time_zone_problem,
    told_faults,
)
from routing_policies.calendar_kinds import CalendarDoc, DialedNumberPlanDoc
from routing_policies.dialed_number_faults import plan_faults
from routing_policies.errors import Fault
from routing_policies.handler_faults import handler_problems
from routing_policies.handler_kinds import HandlerDoc
from routing_policies.kinds_base import AnyDocument
from routing_policies.network_kinds import PathDoc, SiteDoc
from routing_policies.path_problems import path_problems


def meaning_faults(document: AnyDocument, source: str, line_of: LineOf = no_line) -> list[Fault]:
    """Everything that keeps this one document from being used."""
    match document:
        case CalendarDoc():
            return calendar_faults(document, source, line_of)
        case DialedNumberPlanDoc():
            return plan_faults(document, source, line_of)
        case SiteDoc():
            zone = time_zone_problem(document.spec.time_zone)
            found = [(("spec", "time_zone"), *zone)] if zone else []
            return told_faults(found, source, line_of)
        case PathDoc():
            return told_faults(path_problems(document), source, line_of)
        case HandlerDoc():
            return told_faults(handler_problems(document), source, line_of)
        case AlarmRulesDoc():
            return told_faults(alarm_rule_problems(document), source, line_of)
    return []
