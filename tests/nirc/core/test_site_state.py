"""A report is taken whole or not at all, and never leads back."""

from __future__ import annotations

from nirc.core.settings import RouterSettings
from nirc.core.site_state import SiteState
from nrcli.wire import messages as msg


def trunk(name: str, used: int = 0) -> msg.TrunkReport:
    return msg.TrunkReport(trunk_group=name, channels_max=10, channels_used_count=used)


def snapshot(version: int, *entities: msg.Entity, incarnation: int = 1) -> msg.StateSnapshot:
    return msg.StateSnapshot(
        incarnation=incarnation,
        version=version,
        checksum=msg.state_checksum(entities),
        entities=entities,
    )


def delta(
    base: int, version: int, whole: tuple[msg.Entity, ...], **fields: object
) -> msg.StateDelta:
    values: dict[str, object] = {"incarnation": 1, "entities": ()} | fields
    return msg.StateDelta(
        base_version=base,
        version=version,
        checksum=msg.state_checksum(whole),
        **values,  # type: ignore[arg-type]
    )


def started() -> SiteState:
    state = SiteState(RouterSettings(entities_per_site_max=5))
    state.link_up(1)
    state.snapshot(snapshot(3, trunk("a"), trunk("b")))
    return state


def test_a_snapshot_then_deltas() -> None:
    state = started()
    changed = delta(
        3,
        4,
        (trunk("a", 2), trunk("c")),
        entities=(trunk("a", 2), trunk("c")),
        removed=(msg.Removed(kind="trunk", name="b"),),
    )
    judgement = state.delta(changed)
    assert judgement.reply == msg.StateAck(incarnation=1, version=4)
    assert {c.key[1]: c.new for c in judgement.changes} == {
        "a": trunk("a", 2),
        "b": None,
        "c": trunk("c"),
    }
    assert state.get("trunk", "b") is None


def test_a_delta_from_an_older_acknowledged_version_is_taken() -> None:
    state = started()
    state.delta(delta(3, 4, (trunk("a", 1), trunk("b")), entities=(trunk("a", 1),)))
    again = delta(3, 5, (trunk("a", 2), trunk("b")), entities=(trunk("a", 2),))
    assert state.delta(again).reply == msg.StateAck(incarnation=1, version=5)


def test_a_gap_a_wrong_checksum_and_old_news_change_nothing() -> None:
    state = started()
    before = state.entities()
    assert state.delta(delta(4, 5, ())).reply == msg.StateResync(reason="gap")
    wrong = delta(3, 4, (trunk("z"),), entities=(trunk("a", 9),))
    assert state.delta(wrong).reply == msg.StateResync(reason="checksum")
    old = delta(1, 2, (), entities=(trunk("a", 9),))
    assert state.delta(old).reply == msg.StateAck(incarnation=1, version=3)
    assert state.snapshot(snapshot(2)).fault
    assert state.snapshot(snapshot(9, incarnation=7)).fault
    assert state.delta(delta(3, 4, (), incarnation=2)).fault
    many = tuple(trunk(str(i)) for i in range(6))
    assert state.snapshot(snapshot(9, *many)).fault
    assert state.entities() == before
    assert state.version == 3


def test_a_new_start_of_the_site_begins_anew_and_an_old_one_is_refused() -> None:
    state = started()
    assert state.link_up(2)
    assert not state.synced
    assert state.delta(delta(3, 4, (), incarnation=2)).reply == msg.StateResync(reason="gap")
    judgement = state.snapshot(snapshot(1, trunk("b"), incarnation=2))
    assert {c.key[1] for c in judgement.changes if c.new is None} == {"a"}
    assert not state.link_up(1)
    assert state.synced
