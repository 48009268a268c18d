"""The router's picture in the API's words."""

import json
from dataclasses import asdict, replace

from node_views import MadeReport as Made
from node_views import decision

from nirc.links.node_report import decision_from
from nirc.stores.redis_records import as_text
from nirc.telemetry.decision_log import NodeDecision


def test_status() -> None:
    made = Made()
    made.alarms.raise_alarm("c", "p", "t")
    made.report.drain()
    status = made.report.status()
    assert (status.node, status.up_s, status.draining, status.inbox_count) == ("n1", 60.0, True, 4)
    assert status.domains[0].leads_here and status.domains[0].acknowledged_sites == ("lisbon",)
    assert status.sites_linked == ("lisbon",) and status.peers_linked == ("n2",)
    assert status.documents_problem == "Site/x:1: wrong" and not status.redis.in_reach
    assert (status.alarms_count, status.calls_in_motion_count) == (1, 3)
    assert status.counts == {"requests": 3.0}
    assert made.report.alarms().alarms[0].since_unix_s == 5.0


def test_who_is_suspended_stands_in_the_status_and_all_outcomes_at_the_site() -> None:
    report = Made().report
    (one,) = report.status().suspended
    assert (one.kind, one.name, one.reason, one.next_probe_s) == ("queue", "sales", "bad", 17.0)
    site = report.site("lisbon")
    assert site is not None
    assert [place.counts for place in site.outcomes] == [{"short": 1}, {"arrived": 2}]


def test_agents_in_several_queues_count_once() -> None:
    site = Made().report.sites().sites[0]
    assert site.state_age_s == 0.7
    assert (site.ready_count, site.busy_count, site.waiting_count) == (1, 2, 8)
    whole = Made().report.site("lisbon")
    assert whole is not None and whole.agents[0].queues == ("sales", "help")
    assert [queue.queue for queue in whole.queues] == ["sales", "help"]
    assert Made().report.site("porto") is None


def test_calls_without_their_tokens() -> None:
    calls = Made().report.calls()
    assert calls.calls[0].target_site == "porto"
    assert "secret" not in calls.model_dump_json()


def test_the_network_queue() -> None:
    queue = Made().report.queue()
    assert queue.entries_count == 1
    assert (queue.entries[0].site, queue.entries[0].position) == ("lisbon", 1)


async def test_decisions_of_this_node_else_of_the_records() -> None:
    made = Made()
    logged = made.decisions.add(decision(), 12.0)
    own = await made.report.decisions("i1", 10)
    assert own.decisions[0].at_unix_s == 12.0 and own.decisions[0].candidates[0].agent == "dora"
    there = replace(logged, record=replace(logged.record, interaction_id="i2"))
    near = replace(logged, record=replace(logged.record, interaction_id="i3", service="i2"))
    made.stored = [
        json.loads(as_text(NodeDecision(node="n2", logged=one))) for one in (there, near)
    ]
    other = await made.report.decisions("i2", 10)
    assert [(one.node, one.interaction_id) for one in other.decisions] == [("n2", "i2")]
    assert other.decisions[0].revision == 9 and other.decisions[0].candidates[0].site == "porto"
    for one in (own.decisions[0], other.decisions[0]):
        assert one.value_names == ("waiting_count", "patience_s")
        assert one.candidates[0].values == (3, None)
        assert (one.mode, one.rules) == ("canary", (("idle-elsewhere", "decided"),))
        assert one.origin_values == (7, 9.0)
        assert (one.call, one.memory) == ((("waited_s", "3.0"),), (1.0,))
    assert (await made.report.decisions("", 10)).decisions == own.decisions
    assert (await made.report.decisions("unknown", 10)).decisions == ()
    assert logged.record.outcome == "move"
    assert 'nirc_site_linked{site="' in made.report.metrics_text()


async def test_the_beginning_of_an_id_is_enough() -> None:
    made = Made()
    made.decisions.add(replace(decision(), request_id="abcdef0123"), 12.0)
    assert len((await made.report.decisions("abcdef", 10)).decisions) == 1
    assert not (await made.report.decisions("abcde", 10)).decisions


def test_records_of_before_are_readable() -> None:
    logged = {"at_unix_s": 1.0, "record": asdict(decision())}
    for name in ("mode", "rules", "value_names", "origin_values", "call", "memory"):
        del logged["record"][name]  # type: ignore[attr-defined]
    for name in ("rule", "values", "means"):
        del logged["record"]["candidates"][0][name]  # type: ignore[index]
    told = decision_from({"node": "n1", "logged": logged})
    assert (told.mode, told.rules, told.candidates[0].values) == ("live", (), ())
