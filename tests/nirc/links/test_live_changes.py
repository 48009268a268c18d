"""What counts as a change, and what is told of it."""

import json
from dataclasses import replace

from node_views import MadeReport, decision

from nirc.core.site_standing import StandingView
from nirc.links.live_changes import LiveChanges, LiveEvent, picture_of, snapshot_part
from nrcli.wire.live_models import KINDS, Gone, Skipped, Snapshot
from nrcli.wire.standing_messages import SiteOutage

SHOWN = 3


class Looked:
    """A node and who looks at it."""

    def __init__(self) -> None:
        self.made = MadeReport()
        self.changes = LiveChanges()

    def look(self) -> list[LiveEvent]:
        self.made.now_s += 1.0
        return self.changes.look(picture_of(self.made.report, SHOWN))

    def names(self) -> list[str]:
        return [one.event for one in self.look()]


def test_all_is_new_at_first_and_nothing_afterwards() -> None:
    looked = Looked()
    assert looked.names() == [
        *("status", "documents", "site", "queue", "queue", "agent", "agent", "agent"),
        *("call", "queue_entry"),
    ]
    assert looked.look() == []


def test_to_grow_older_is_no_change() -> None:
    looked = Looked()
    looked.look()
    view = looked.made.view
    (site,), (move,), (entry,) = view.sites, view.moves, view.network_queue
    looked.made.view = replace(
        view,
        sites=(replace(site, state_age_s=9.0, queue_ages_s=(5.0, 5.0)),),
        moves=(replace(move, age_s=8.0),),
        network_queue=(replace(entry, waited_s=20.0),),
        domains=tuple(replace(one, since_s=99.0, heard_s=1.0) for one in view.domains),
    )
    assert looked.look() == []


def test_only_what_is_other_is_told() -> None:
    looked = Looked()
    looked.look()
    view = looked.made.view
    site = view.sites[0]
    first = replace(site.queues[0], waiting_count=5)
    changed = replace(site, version=4, queues=(first, *site.queues[1:]))
    looked.made.view = replace(view, sites=(changed,))
    told = {one.event: one.data.model_dump() for one in looked.look()}
    assert list(told) == ["site", "queue"]
    assert (told["site"]["waiting_count"], told["queue"]["waiting_count"]) == (9, 5)
    assert (told["queue"]["site"], told["queue"]["queue"]) == ("lisbon", "sales")


def test_what_is_no_more_is_told_by_its_key() -> None:
    looked = Looked()
    looked.made.alarms.raise_alarm("site_down", "porto", "silent")
    looked.look()
    looked.made.alarms.clear("site_down", "porto")
    looked.made.view = replace(looked.made.view, sites=(), moves=(), network_queue=())
    gone = [one.data for one in looked.look() if isinstance(one.data, Gone)]
    assert [(one.kind, one.key) for one in gone] == [
        ("site", "lisbon"),
        ("queue", "lisbon/sales"),
        ("queue", "lisbon/help"),
        ("agent", "lisbon/anna"),
        ("agent", "lisbon/bert"),
        ("agent", "lisbon/cleo"),
        ("call", "r1"),
        ("queue_entry", "e1"),
        ("alarm", "site_down/porto"),
    ]


def test_of_a_flood_of_decisions_the_newest_and_how_many_were_left_out() -> None:
    looked = Looked()
    looked.made.decisions.add(decision(), 1.0)
    looked.look()
    assert looked.look() == []
    for number in range(5):
        looked.made.decisions.add(replace(decision(), decision_id=f"n{number}"), 2.0)
    left_out, *told = (one.data for one in looked.look())
    assert left_out == Skipped(kind="decision", count=2)
    assert [json.loads(one.model_dump_json())["decision_id"] for one in told] == ["n2", "n3", "n4"]


def test_a_snapshot_says_what_the_events_said() -> None:
    looked = Looked()
    looked.made.alarms.raise_alarm("site_down", "porto", "silent")
    looked.made.decisions.add(decision(), 1.0)
    picture = picture_of(looked.made.report, SHOWN)
    parts = [snapshot_part(kind, picture) for kind in KINDS]
    snapshot = Snapshot.model_validate_json(b"{" + b",".join(parts) + b"}")
    told = LiveChanges().look(picture)
    for kind, many in (("queue", snapshot.queues), ("agent", snapshot.agents)):
        assert [one.data for one in told if one.kind == kind] == list(many)
    assert snapshot.status is not None and snapshot.status.node == "n1"
    assert snapshot.documents is not None and snapshot.documents.revision == 7
    assert (snapshot.sites[0].site, snapshot.alarms[0].place) == ("lisbon", "porto")
    assert (snapshot.calls[0].request_id, snapshot.queue_entries[0].entry_id) == ("r1", "e1")
    assert snapshot.decisions[0].decision_id == "d1"


def test_an_outage_that_lasts_is_no_change_and_its_end_is() -> None:
    looked = Looked()
    view = looked.made.view

    def stands(lasted_s: float, over: bool) -> None:
        outage = SiteOutage(
            began_for_s=lasted_s, lasted_s=lasted_s, peer_plan_s=0.0, local_only_s=0.0, over=over
        )
        standing = StandingView(
            tier=0,
            tier_for_s=lasted_s,
            plan_serial=0,
            plan_usable=False,
            blind_shares=(),
            outages=(outage,),
        )
        looked.made.view = replace(view, sites=(replace(view.sites[0], standing=standing),))

    stands(1.0, over=False)
    looked.look()
    stands(2.0, over=False)
    assert looked.look() == []
    stands(2.0, over=True)
    assert looked.names() == ["site"]
