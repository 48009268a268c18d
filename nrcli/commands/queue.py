"""`nrcli queue`: who waits in the network queue, and how an operator takes somebody out of it.

Rule of this file: the node judges and the entry's own site acts; what is said here of the outcome
was read from the node afterwards.
"""

import asyncio
from typing import Annotated

import typer

from nrcli.admin_client import AdminClient
from nrcli.commands.exit_codes import REFUSED, USAGE
from nrcli.commands.node_access import access_of, author_of, failed, put_json
from nrcli.commands.tables import queue_parts, show
from nrcli.wire.api_models import QueueEntries, QueueEntry
from nrcli.wire.queue_models import EntryTakenOut, TakeOut

LOOKS, LOOK_EVERY_S = 12, 0.25
"How often it is looked whether the entry is gone, and after which time each."
ID_CHARS_MIN = 6
TAKE_OUT = "/queue/take-out"


def queue(
    context: typer.Context,
    cancel: Annotated[
        str,
        typer.Option(metavar="ID", help="Take this entry out: its interaction, or its beginning."),
    ] = "",
    reason: Annotated[str, typer.Option("-m", "--reason", help="Why, for the log.")] = "",
    announcement: Annotated[
        str, typer.Option(help="With --cancel: played to the caller, who waits on at home.")
    ] = "",
    author: Annotated[str, typer.Option(help="Who wants it; else the user here.")] = "",
) -> None:
    """The network queue: who waits for an agent anywhere, in their order; --cancel takes one out.

    Nobody is dropped: a caller taken out waits on at home; of a callback, nobody is called back.
    """
    access = access_of(context)
    if not cancel:
        if reason or announcement or author:
            raise failed("--reason, --announcement and --author go with --cancel", USAGE)
        answer = access.ask(lambda node: node.queue())
        put_json(answer) if access.as_json else show(*queue_parts(answer))
        return
    who = author_of(author)
    entry = _meant(access.ask(lambda node: node.queue()), cancel)
    wanted = TakeOut(entry_id=entry, author=who, reason=reason, announcement=announcement)
    told, gone = access.ask(lambda node: _taken_out(node, wanted))
    if access.as_json:
        put_json(told)
    elif gone:
        what = "nobody is called back" if told.kind == "callback" else "the caller waits on there"
        show(f"taken out: {told.kind} {entry} of {told.site}; {what}")
    if not gone:
        why = "it was taken just now by somebody else, or is of an older version"
        raise failed(f"{told.site} was told, and still has entry {entry} ({why})", REFUSED)


async def _taken_out(node: AdminClient, wanted: TakeOut) -> tuple[EntryTakenOut, bool]:
    """What the node said, and whether the entry was gone within a few seconds."""
    told = await node.send(EntryTakenOut, TAKE_OUT, wanted)
    for _ in range(LOOKS):
        await asyncio.sleep(LOOK_EVERY_S)
        if all(one.entry_id != wanted.entry_id for one in (await node.queue()).entries):
            return told, True
    return told, False


def _meant(found: QueueEntries, text: str) -> str:
    """The entry whose id, or whose interaction, is or begins so; else the text itself."""
    exact = [one for one in found.entries if text in (one.entry_id, one.interaction_id)]
    begins = [one for one in found.entries if len(text) >= ID_CHARS_MIN and _begins(one, text)]
    meant = exact or begins
    if len(meant) > 1:
        ids = ", ".join(one.entry_id for one in meant[:5])
        raise failed(f"{text} is more than one entry: {ids}; name one of these", USAGE)
    return meant[0].entry_id if meant else text


def _begins(entry: QueueEntry, text: str) -> bool:
    return entry.entry_id.startswith(text) or entry.interaction_id.startswith(text)
