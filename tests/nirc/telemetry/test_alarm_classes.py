"""Every alarm of the node's own programs has a severity and a cause."""

from nirc.telemetry.alarm_classes import CLASSES, UNKNOWN, class_of
from nrcli.wire.alarm_advice import ADVICE


def test_every_alarm_that_has_advice_has_a_class() -> None:
    assert {code for code in ADVICE if code not in CLASSES} == set()


def test_what_keeps_everybody_from_being_moved_is_critical() -> None:
    for code in ("no_leader", "etcd_unreachable", "leading_without_etcd", "black_holes_many"):
        assert class_of(code).severity == "critical"


def test_what_nobody_classed_is_major() -> None:
    assert class_of("of_tomorrow") is UNKNOWN and UNKNOWN.severity == "major"
