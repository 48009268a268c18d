"""`nrcli queue --cancel`: which entry is meant, and what is said of the outcome."""

import asyncio

import pytest
import typer

from nrcli.commands import queue as command
from nrcli.wire.api_models import QueueEntries, QueueEntry
from nrcli.wire.queue_models import EntryTakenOut, TakeOut

WANTED = TakeOut(entry_id="e1", author="ana")


def entry(entry_id: str, interaction_id: str) -> QueueEntry:
    return QueueEntry(
        entry_id=entry_id,
        interaction_id=interaction_id,
        service="sales",
        site="lisbon",
        queue="sales",
        priority=0,
        waited_s=1.0,
        position=1,
        state="waiting",
    )


def entries(*found: QueueEntry) -> QueueEntries:
    return QueueEntries(entries_count=len(found), entries=found)


class Node:
    """A node that forgets the entry after some looks, or never."""

    def __init__(self, looks: int) -> None:
        self.looks = looks

    async def send(self, _: object, path: str, wanted: TakeOut) -> EntryTakenOut:
        assert path == command.TAKE_OUT
        return EntryTakenOut(entry_id=wanted.entry_id, site="lisbon", kind="call")

    async def queue(self) -> QueueEntries:
        self.looks -= 1
        return entries() if self.looks < 0 else entries(entry("e1", "i1"))


def test_an_entry_is_named_by_itself_or_by_the_beginning_of_its_interaction() -> None:
    found = entries(entry("cb-1", "abcdef12"), entry("e2", "abcdef99"), entry("e3", "fedcba00"))
    assert command._meant(found, "e2") == "e2"
    assert command._meant(found, "fedcba") == "e3"
    assert command._meant(found, "abcdef12") == "cb-1"
    assert command._meant(found, "fed") == "fed", "too short to be meant"
    with pytest.raises(typer.Exit):
        command._meant(found, "abcdef")


def test_it_is_looked_whether_the_entry_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "LOOK_EVERY_S", 0.0)
    for looks, gone in ((0, True), (3, True), (99, False)):
        node = Node(looks)
        told = asyncio.run(command._taken_out(node, WANTED))  # type: ignore[arg-type]
        assert told[1] is gone
