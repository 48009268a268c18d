"""Says how grave each alarm of the node's own programs is, and of what kind.

Rule of this file: data only, in the words of ITU-T X.733 (severity: section 8.1.2.3, probable
cause: 8.1.2.1). Alarms that rules raise say it themselves, and a rules document may say otherwise
of these.
"""

from dataclasses import dataclass

from nrcli.wire.alarm_models import Severity


@dataclass(frozen=True, slots=True)
class AlarmClass:
    """How grave an alarm is, and its probable cause."""

    severity: Severity
    cause: str


LINK = "communications subsystem failure"
STORAGE = "storage capacity problem"
SLOW = "response time excessive"
SETTINGS = "configuration or customization error"
SOFTWARE = "software error"
PROTOCOL = "communications protocol error"
THRESHOLD = "threshold crossed"
REMOTE = "remote node transmission error"
UNAVAILABLE = "underlying resource unavailable"

CLASSES = {
    "shift_given_up": AlarmClass("major", "performance degraded"),
    "alarm_rule_failed": AlarmClass("minor", SOFTWARE),
    "black_hole": AlarmClass("major", "performance degraded"),
    "black_holes_many": AlarmClass("critical", "performance degraded"),
    "control_in_force": AlarmClass("warning", SETTINGS),
    "cti_silent": AlarmClass("major", LINK),
    "documents_wrong": AlarmClass("major", SETTINGS),
    "epoch_above_ours": AlarmClass("warning", UNAVAILABLE),
    "etcd_slow": AlarmClass("minor", SLOW),
    "etcd_unreachable": AlarmClass("critical", UNAVAILABLE),
    "fault": AlarmClass("major", SOFTWARE),
    "leader_cut_from_sites": AlarmClass("major", LINK),
    "leading_without_etcd": AlarmClass("critical", UNAVAILABLE),
    "lending_off": AlarmClass("warning", SETTINGS),
    "network_queue_full": AlarmClass("major", "queue size exceeded"),
    "no_leader": AlarmClass("critical", UNAVAILABLE),
    "node_down": AlarmClass("minor", LINK),
    "node_slow": AlarmClass("minor", "CPU cycles limit exceeded"),
    "notices_not_taken": AlarmClass("major", REMOTE),
    "path_probe_failed": AlarmClass("minor", REMOTE),
    "pbx_unknown_name": AlarmClass("minor", SETTINGS),
    "pbx_unreached": AlarmClass("major", LINK),
    "policy_failed": AlarmClass("major", SOFTWARE),
    "pre_route_default": AlarmClass("major", UNAVAILABLE),
    "pre_route_group_unknown": AlarmClass("minor", SETTINGS),
    "records_lost": AlarmClass("major", STORAGE),
    "records_missing": AlarmClass("warning", STORAGE),
    "records_not_kept": AlarmClass("minor", STORAGE),
    "redis_away": AlarmClass("major", UNAVAILABLE),
    "site_documents_too_large": AlarmClass("minor", SETTINGS),
    "site_down": AlarmClass("critical", LINK),
    "site_speaks_for_another": AlarmClass("major", PROTOCOL),
    "state_refused": AlarmClass("major", PROTOCOL),
    "unresolved_move": AlarmClass("warning", REMOTE),
}
UNKNOWN = AlarmClass("major", "")


def class_of(code: str) -> AlarmClass:
    """The class of an alarm of ours; one that nobody has classed yet is major."""
    return CLASSES.get(code, UNKNOWN)
