from peer_plans import TRUST, UNTIL_UNIX_S, plan_text

from site_agent.core.actions import ClearAlarm, RaiseAlarm, SavePeerPlan
from site_agent.core.events import PeerPlanRead
from site_agent.core.outbox import Outbox
from site_agent.core.peer_plans import EXPIRES, REFUSED, PeerPlans, PlanTrust
from site_agent.core.settings import SiteSettings

NOW_UNIX_S = UNTIL_UNIX_S - 30 * 86_400


def plans(trust: PlanTrust | None = TRUST) -> tuple[PeerPlans, Outbox]:
    out = Outbox()
    found = PeerPlans("lisbon", SiteSettings(), trust, out)
    found.wall_time(NOW_UNIX_S, 0.0)
    return found, out


def alarms(out: Outbox) -> dict[str, str]:
    return {code: text for (code, _), text in out.alarms.items()}


def test_a_plan_from_disk_is_used_and_only_a_copy_is_kept() -> None:
    found, out = plans()
    found.read(PeerPlanRead(source="plan.yaml", text=plan_text()), 0.0)
    assert found.usable(0.0) and found.plan is not None and found.plan.spec.serial == 7
    assert out.take() == [SavePeerPlan(text=plan_text(), by_hand=True)] and alarms(out) == {}


def test_a_plan_from_nirc_is_kept_on_disk_and_only_once() -> None:
    found, out = plans()
    found.told(plan_text(), 0.0)
    assert [a.text for a in out.take() if isinstance(a, SavePeerPlan)] == [plan_text()]
    found.told(plan_text(), 1.0)
    found.read(PeerPlanRead(source="plan.yaml", text=plan_text()), 1.0)
    assert out.take() == []


def test_what_is_refused_changes_nothing_and_says_what_to_do() -> None:
    found, out = plans()
    found.told(plan_text(7), 0.0)
    digest = found.digest
    for text, problem in (
        (plan_text(8, name="unsigned"), "nrcli sign"),
        (plan_text(6), "serial 6 is below 7"),
        (plan_text(7, name="other"), "another plan of serial 7"),
        (plan_text(8, valid_until="2026-12-01T00:00:00Z"), "ended at 2026-12-01"),
        ("{", "not YAML"),
        (plan_text(8).replace("PeerPlan", "Tenant"), ""),
    ):
        found.told(text, 1.0)
        assert problem in alarms(out)[REFUSED]
        assert found.digest == digest and found.usable(1.0)
    assert not any(isinstance(a, SavePeerPlan) and a.text != plan_text(7) for a in out.take())
    found.told(plan_text(8), 2.0)
    assert [a.code for a in out.take() if isinstance(a, ClearAlarm)] == [REFUSED]


def test_a_file_that_cannot_be_read_is_told_and_none_is_no_mistake() -> None:
    found, out = plans()
    found.read(PeerPlanRead(source="p.yaml"), 0.0)
    assert alarms(out) == {}
    found.read(PeerPlanRead(source="p.yaml", problem="is no plain file"), 0.0)
    assert "p.yaml is no plain file" in alarms(out)[REFUSED]


def test_a_plan_ends_by_the_clock_on_the_wall_after_a_warning() -> None:
    found, out = plans()
    found.told(plan_text(), 0.0)
    assert EXPIRES not in alarms(out)
    found.wall_time(UNTIL_UNIX_S - 86_400, 10.0)
    assert found.usable(10.0) and "ends at 2027" in alarms(out)[EXPIRES]
    found.wall_time(UNTIL_UNIX_S + 1, 20.0)
    assert not found.usable(20.0) and "ended at 2027" in alarms(out)[EXPIRES]
    out.take()
    found.told(plan_text(8, valid_until="2028-01-31T00:00:00Z"), 21.0)
    assert found.usable(21.0)
    assert EXPIRES in [a.code for a in out.take() if isinstance(a, ClearAlarm)]


def test_a_site_without_keys_takes_no_part_and_says_nothing() -> None:
    found, out = plans(None)
    found.told(plan_text(), 0.0)
    assert not found.usable(0.0) and not any(isinstance(a, RaiseAlarm) for a in out.take())


def test_a_plan_without_services_withdraws_the_one_before() -> None:
    found, out = plans()
    found.told(plan_text(7), 0.0)
    found.told(plan_text(8, services=[]), 1.0)
    assert found.plan is not None and found.plan.spec.serial == 8
    assert not found.usable(1.0) and REFUSED not in alarms(out)
    found.told(plan_text(7), 2.0)
    assert "serial 7 is below 8" in alarms(out)[REFUSED]
