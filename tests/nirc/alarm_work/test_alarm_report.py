"""What the API says of rules, figures, receivers and silences."""

from typing import Any, cast

from alarm_desks import RULES, Desk

from nirc.alarm_work.alarm_report import AlarmReport
from nirc.alarm_work.notice_desk import NoticeDesk, Senders
from nirc.alarms.silences import KeptSilence
from nrcli.wire.alarm_rule_models import NewSilence

TEXT = (
    RULES
    + """  notify:
    webhooks: [{name: hook, url: "https://hooks.example:8443/T00/secret"}]
    mail: [{name: people, to: [noc@noc.example, night@noc.example], severity_at_least: major}]
"""
)


def report_of(made: Desk) -> AlarmReport:
    notices = NoticeDesk(
        made.desk,
        made.store,
        cast(Senders, None),
        node="n1",
        board=made.board,
        history_max=100,
        now_s=lambda: made.now_s,
        wall_unix_s=lambda: made.now_s,
    )
    notices._use()
    return AlarmReport(
        made.desk, notices, made.store, new_id=lambda: "5f", wall_unix_s=lambda: made.now_s
    )


def seen(rules: str = TEXT) -> tuple[Desk, AlarmReport]:
    made = Desk(rules=rules)
    made.look()
    return made, report_of(made)


def test_rules_in_use() -> None:
    _, report = seen()
    rules = {one.name: one for one in report.rules()}
    waiting = rules["waiting"]
    assert (waiting.document, waiting.condition) == ("AlarmRules/network", "above 3")
    assert (waiting.watched_here, waiting.watched_count) == (True, 1)
    assert waiting.standing == ("lisbon/sales",)
    assert [(one.place, one.off) for one in waiting.places] == [("lisbon/help", True)]
    assert rules["disk_low"].document == "AlarmRules/network"
    assert rules["site_drifted"].document == "shipped"


def test_figures_now() -> None:
    _, report = seen()
    figures = {one.name: one for one in report.figures()}
    values = {one.place: one.value for one in figures["queue_waiting"].values}
    assert values == {"lisbon/sales": 4.0, "lisbon/help": 4.0}
    assert figures["routing_success"].values[0].of_count == 0
    assert figures["firewall_hits"].leader_only is False


def test_of_receivers_neither_paths_nor_addresses_are_told() -> None:
    _, report = seen()
    hook, people = report.channels()
    assert (hook.kind, hook.to, people.kind, people.to) == (
        *("webhook", "hooks.example:8443", "mail", "2"),
    )
    assert people.severity_at_least == "major"
    assert report.notifies_here()


def test_events_newest_first() -> None:
    made, report = seen()
    made.waiting = 0
    made.look()
    assert [one.happened for one in report.events()] == ["cleared", "raised"]
    assert report.waiting_and_lost() == (2, 0)


async def test_silences(monkeypatch: Any) -> None:
    made, report = seen()
    kept: list[KeptSilence] = []

    async def keep(one: KeptSilence) -> bool:
        kept.append(one)
        return len(kept) < 2

    made.store.silence = keep  # type: ignore[method-assign]
    wanted = NewSilence(code="site_*", lasts_s=60.0, author="ana", reason="x")
    begun = await report.silence(wanted)
    assert begun is not None and (begun.id, begun.in_force) == ("5f", True)
    later = wanted.model_copy(update={"from_unix_s": made.now_s + 100.0})
    assert await report.silence(later) is None
    made.store.silences = (kept[1], kept[0])
    assert [one.in_force for one in report.silences()] == [True, False]
    made.now_s += 60.0
    assert [one.in_force for one in report.silences()] == [False]
