"""What a person sees."""

import pytest

from nrcli.commands.tables import (
    _state,
    _store,
    alarms_parts,
    calls_parts,
    decisions_parts,
    queue_parts,
    show,
    site_parts,
    sites_parts,
    status_parts,
    table,
)
from nrcli.wire.alarm_models import Alarm
from nrcli.wire.api_models import (
    Candidate,
    Decision,
    DomainLeader,
    PlaceOutcomes,
    QueueEntries,
    QueueEntry,
    QueueStatus,
    SiteStatus,
    SiteSummary,
    Status,
    StoreStatus,
)


def decision(**changes: object) -> Decision:
    values: dict[str, object] = {
        "decision_id": "d1",
        "request_id": "r1",
        "interaction_id": "i1",
        "at_unix_s": 0.0,
        "node": "n2",
        "origin_site": "lisbon",
        "service": "sales",
        "domain": "default",
        "generation": 1,
        "revision": 42,
        "policy": "default",
        "policy_version": 3,
        "rules_tried": ("own-agent", "idle-elsewhere"),
        "candidates": (
            Candidate(
                site="porto",
                queue="sales",
                agent="dora",
                value=12.5,
                age_s=0.2,
                means="ready for 7355 s",
            ),
            Candidate(site="faro", queue="sales", value=3.0, age_s=0.1, lost_because="closed"),
        ),
        "outcome": "move",
        "target_site": "porto",
        "queue": "sales",
        "agent": "dora",
        "took_s": 0.004,
        "refusals": ("faro: no_agent",),
    }
    return Decision.model_validate(values | changes)


def test_the_network_queue_in_its_order(capsys: pytest.CaptureFixture[str]) -> None:
    entry = QueueEntry(
        entry_id="e1",
        interaction_id="i1",
        service="sales",
        site="lisbon",
        queue="sales",
        priority=2,
        waited_s=31.0,
        position=1,
        state="waiting",
        kind="callback",
    )
    show(*queue_parts(QueueEntries(entries_count=3, entries=(entry,))))
    show(*queue_parts(QueueEntries(entries_count=0, entries=())))
    said = capsys.readouterr().out
    assert (
        "callback" in said
        and "lisbon" in said
        and "31" in said
        and "and 2 more" in said
        and "nobody waits" in said
    )


def test_tables_show_names_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    site = SiteSummary(
        site="[bold]x",
        liveness="alive",
        linked=True,
        usable=False,
        state_age_s=None,
        ready_count=3,
        waiting_count=0,
        busy_count=0,
    )
    show(*sites_parts([site]), *calls_parts([]))
    said = capsys.readouterr().out
    assert "[bold]x" in said and "yes" in said and "no call is in motion" in said


def status(**leader: object) -> Status:
    values: dict[str, object] = {"domain": "default", "generation": 1, "revision": 6}
    return Status(
        node="n1",
        version="0.1.0",
        up_s=10.0,
        draining=False,
        domains=(DomainLeader.model_validate(values | leader),),
        sites_linked=("lisbon",),
        sites_dead=("faro",),
        peers_linked=("n2",),
        documents_revision=4,
        etcd=StoreStatus(in_reach=False, problem="DEADLINE_EXCEEDED"),
        redis=StoreStatus(in_reach=True),
        alarms_count=1,
        calls_in_motion_count=0,
        inbox_count=0,
    )


def test_status_says_who_leads_since_when_or_that_nobody_does(
    capsys: pytest.CaptureFixture[str],
) -> None:
    followed = status(leader="n2", leads_here=False, since_s=42.0, heard_s=0.5)
    show(*status_parts(followed))
    said = capsys.readouterr().out
    assert "n2 for 42 s (epoch 1.6, heard 0.5 s ago)" in said
    assert "AWAY: DEADLINE_EXCEEDED" in said and "faro" in said
    leads = status(leader="n1", leads_here=True, since_s=3.0, acknowledged_sites=("lisbon",))
    show(*status_parts(leads))
    assert "n1 for 3 s (epoch 1.6, this node: 1 sites acknowledged)" in capsys.readouterr().out
    show(*status_parts(status(leader="", leads_here=False)))
    assert "NOBODY: no moves" in capsys.readouterr().out


def test_an_alarm_comes_with_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    alarm = Alarm(code="no_leader", place="default", text="nobody leads", since_unix_s=1.0)
    show(*alarms_parts([alarm]))
    assert "is etcd in reach" in capsys.readouterr().out


def test_ids_are_short_and_whole_on_a_narrow_page(capsys: pytest.CaptureFixture[str]) -> None:
    long = decision(
        request_id="0123456789abcdef", interaction_id="fedcba9876543210", at_unix_s=1_800_014_400.0
    )
    show(*decisions_parts([long]))
    said = capsys.readouterr().out
    assert "01234567 " in said and "fedcba98 " in said and "…" not in said
    assert "12:00:00 " in said


def test_a_decision_for_a_handler_names_it(capsys: pytest.CaptureFixture[str]) -> None:
    show(*decisions_parts([decision(outcome="to_handler", target_site="", handler="mail")]))
    assert "to_handler  mail" in capsys.readouterr().out


def test_a_node_without_decisions_says_whom_to_ask(capsys: pytest.CaptureFixture[str]) -> None:
    show(*decisions_parts([]))
    assert "ask the one that leads" in capsys.readouterr().out


def test_a_table_without_titles_has_no_empty_first_line(capsys: pytest.CaptureFixture[str]) -> None:
    show(table(("", ""), [("node", "n1")]))
    assert capsys.readouterr().out.startswith("node")


def test_a_store_that_nobody_named_is_not_away() -> None:
    told = [
        _store(StoreStatus(in_reach=reached, problem=problem))
        for reached, problem in ((True, ""), (False, "not configured"), (False, "no answer"))
    ]
    assert told == ["in reach", "not configured", "AWAY: no answer"]


def queue_status(**changes: object) -> QueueStatus:
    counts = (
        *("staffed_count", "ready_count", "reserved_count", "busy_count", "acw_count"),
        *("not_ready_count", "waiting_count", "places_max", "places_held_count"),
        *("loan_count", "max_loan"),
    )
    values: dict[str, object] = {"queue": "sales", "open": True, "shared": True}
    values |= dict.fromkeys(counts, 1) | {"oldest_wait_s": 1.0, "aht_s": 60.0}
    return QueueStatus.model_validate(values | changes)


def site_status(*queues: QueueStatus) -> SiteStatus:
    return SiteStatus(
        site="lisbon",
        liveness="alive",
        linked=True,
        usable=True,
        state_age_s=0.1,
        ready_count=1,
        waiting_count=1,
        busy_count=1,
        queues=queues,
    )


def test_a_site_shows_what_its_callers_would_wait(capsys: pytest.CaptureFixture[str]) -> None:
    waits = queue_status(
        ewt_s=120.2,
        ewt_low_s=72.0,
        ewt_high_s=180.0,
        ewt_by="head of line",
        service_level=0.854,
        patience_s=240.0,
        age_s=1.25,
    )
    show(*site_parts(site_status(waits, queue_status(queue="help", ewt_s=0.0))))
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert "sales 120 s (72 to 180) head of line 85% 240.0 1.2" in lines
    assert "help 0 s - - - -" in lines


def test_who_is_suspended_is_shown_with_why_and_until_when(
    capsys: pytest.CaptureFixture[str],
) -> None:
    place = PlaceOutcomes(
        kind="queue",
        site="porto",
        name="sales",
        phase="suspended",
        reason="6 of 6",
        since_s=4.0,
        next_probe_s=16.0,
        counts={"short": 6, "lasted": 1},
        share=0.0,
    )
    back = place.model_copy(update={"kind": "path", "phase": "returning", "share": 0.25})
    known = status(leader="n1", leads_here=True).model_copy(update={"suspended": (place, back)})
    show(*status_parts(known))
    said = " ".join(capsys.readouterr().out.split())
    assert "queue sales of porto for 4 s: 6 of 6; next probe in 16 s at the earliest" in said
    assert "path sales to porto for 4 s: 6 of 6; gets 25% of its calls" in said
    show(*site_parts(site_status().model_copy(update={"outcomes": (place,)})))
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert "queue sales suspended short 6, lasted 1 6 of 6" in lines


def test_a_wait_that_cannot_be_told_is_a_dash(capsys: pytest.CaptureFixture[str]) -> None:
    show(*site_parts(site_status(queue_status(service_level=0.0))))
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert "sales - - 0% - -" in lines


def test_an_agent_without_a_state_is_logged_out() -> None:
    assert (_state("null"), _state("ready")) == ("logged out", "ready")


def test_the_line_of_records_names_what_is_lost_and_what_waits() -> None:
    from nrcli.commands.tables import _records
    from nrcli.wire.records_models import RecordsStatus

    assert _records(RecordsStatus()) == "in Redis alone"
    told = _records(
        RecordsStatus(
            keeper="n1/a",
            kept_for_s=1.2,
            waiting_count=4,
            spooled_bytes=9,
            lost_count=2,
            missing_counts={"legs": 3},
            problem="disk full",
        )
    )
    assert told == (
        "kept by n1/a, 1 s ago; 4 wait, 9 bytes on disk; 2 LOST here; MISSING: 3 legs; disk full"
    )
