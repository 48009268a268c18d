"""What the leader remembers of offers runs out by itself, and never outlives the leadership."""

from __future__ import annotations

import pytest
from router_network import ask

from nirc.core.choice import Choice
from nirc.core.match_notes import MatchNotes
from nirc.core.network_queue import NetworkQueue
from nirc.core.open_request import OpenRequest
from nirc.core.settings import RouterSettings
from nirc.core.site_state import Change
from nirc.core.transfer import Move
from nrcli.wire.messages import MoveOutcome, ReserveRefusal, WaitingCallReport

SETTINGS = RouterSettings()


def notes_of(*entries: str) -> MatchNotes:
    queue = NetworkQueue(SETTINGS)
    for name in entries:
        report = WaitingCallReport(
            call_id=name,
            interaction_id=name,
            queue="sales",
            service="sales",
            priority=0,
            waited_s=1.0,
            entry_id=name,
        )
        queue.changed("lisbon", [Change(("waiting", name), None, report)], 100.0)
    return MatchNotes(SETTINGS, queue)


def offer(request_id: str = "r9", entry: str = "a") -> OpenRequest:
    message = ask(request_id, entry_id=entry)
    return OpenRequest("lisbon", message, 100.0, 102.0, Choice("", 0, ""), offered=True)


def move(token: str = "nirc-1") -> Move:
    return Move(
        token, "r9", "i", "default", "sales", "lisbon", "faro", "sales", "ana", 100.0, 105.0
    )


def test_an_entry_is_offered_to_one_target_at_a_time() -> None:
    notes = notes_of("a", "b")
    notes.open["a"] = "r9"
    assert (notes.free("a"), notes.free("b")) == (False, True)
    assert (notes.state("a"), notes.state("b")) == ("offered", "waiting")
    notes.ended(offer(), "nirc-1", 100.0)
    assert (notes.free("a"), notes.state("a")) == (False, "moving")


def test_a_move_nobody_hears_of_again_frees_its_entry_in_time() -> None:
    notes = notes_of("a")
    notes.ended(offer(), "nirc-1", 100.0)
    notes.sweep(104.9)
    assert not notes.free("a")
    notes.sweep(105.1)
    assert notes.free("a")


@pytest.mark.parametrize(
    ("reason", "paused"), [(ReserveRefusal.HOP_BUDGET, True), (ReserveRefusal.NO_AGENT, False)]
)
def test_what_is_the_calls_fault_bars_the_call_and_not_the_queue(
    reason: ReserveRefusal, paused: bool
) -> None:
    notes, request = notes_of("a"), offer()
    request.failed.append(("faro", 3))
    request.reasons["faro"] = reason
    notes.ended(request, "", 100.0)
    assert (notes.paused("a") == ["faro"], 3 in notes.resting) == (paused, not paused)
    assert notes.free("a", "porto")
    notes.sweep(110.0)
    assert notes.free("a", "faro") and not notes.resting


@pytest.mark.parametrize("outcome", list(MoveOutcome))
def test_only_a_failed_move_frees_the_entry_at_once_and_not_for_the_same_site(
    outcome: MoveOutcome,
) -> None:
    notes = notes_of("a")
    notes.ended(offer(), "nirc-1", 100.0)
    notes.outcome(move("nirc-other"), outcome, 101.0)
    assert not notes.free("a")
    notes.outcome(move(), outcome, 101.0)
    is_over = outcome in (MoveOutcome.ARRIVED, MoveOutcome.SERVED_AT_HOME)
    assert (notes.free("a"), notes.free("a", "faro")) == (not is_over, False)


def test_a_queue_of_which_too_little_is_known_rests_for_a_moment() -> None:
    notes = notes_of("a")
    notes.rest(4, 100.0)
    notes.sweep(100.9)
    assert 4 in notes.resting
    notes.sweep(101.1)
    assert 4 not in notes.resting


def test_what_is_gone_is_named_once() -> None:
    notes = notes_of("a")
    notes.open.update({"a": "r1", "b": "r2"})
    notes.withdrawn("b", 100.0)
    assert notes.gone() == [("b", "r2")] and notes.gone() == []
    assert "b" not in notes.on_way


def test_with_the_leadership_all_of_it_goes() -> None:
    notes = notes_of("a")
    notes.open["a"] = "r1"
    notes.withdrawn("a", 100.0)
    notes.forget("another")
    assert not notes.free("a")
    notes.forget("default")
    assert notes.free("a")
