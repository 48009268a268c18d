"""What `nrcli audit` and `nrcli alarms` say; the acts themselves are tried in test_main."""

from nrcli.commands.acts import OWN_ONLY, audit_parts
from nrcli.commands.tables import alarms_parts, table
from nrcli.wire.alarm_models import Alarm
from nrcli.wire.resource_models import Audit, AuditRecord

ACT = AuditRecord(
    at_unix_s=0.0,
    node="n1",
    act="drainNode",
    path="/api/v1/drain",
    author="ana",
    reason="new disk",
    remote="192.0.2.9",
    status=202,
)


def cells(part: object) -> list[list[object]]:
    assert isinstance(part, type(table((), ())))
    return [list(column.cells) for column in part.columns]


def test_an_act_is_a_line_with_who_why_and_what_came_of_it() -> None:
    unnamed = ACT.model_copy(update={"author": "", "reason": "", "status": 404, "problem": "no"})
    (part,) = audit_parts(Audit(acts=(ACT, unnamed), all_nodes=True))
    by, why, came_to = (cells(part)[place] for place in (4, 6, 7))
    assert (by, why, came_to) == (["ana", "-"], ["new disk", "-"], ["202", "404 no"])
    assert cells(part)[3][0] == "/drain"


def test_it_is_said_where_only_this_node_was_asked() -> None:
    assert audit_parts(Audit(acts=(), all_nodes=False)) == ["nothing was done", OWN_ONLY]


def test_an_alarm_names_who_cares_for_it() -> None:
    alarm = Alarm(code="redis_away", place="", text="away", since_unix_s=0.0)
    cared = alarm.model_copy(update={"acknowledged_by": "ana", "acknowledged_reason": "disk"})
    (part,) = alarms_parts([alarm, cared])
    assert cells(part)[3] == ["away", "away (ana cares for it: disk)"]
