"""`nrcli trace`: what was said over SIP about one call, as one ladder across sites, or as pcap.

Rule of this file: it asks, joins and shows; a node and a site agent answer alike.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated
from urllib.parse import quote

import typer
from pydantic import ValidationError

from nrcli.admin_client import AdminClient
from nrcli.commands.clock import unix_s
from nrcli.commands.exit_codes import REFUSED, USAGE
from nrcli.commands.node_access import NodeAccess, access_of, failed, put_json
from nrcli.commands.trace_ladder import ladder
from nrcli.commands.trace_pcap import pcap
from nrcli.wire.trace_models import CallTrace, TracedMessage, by_our_clock

FILE_BYTES_MAX = 200_000_000


def trace(
    context: typer.Context,
    call: Annotated[
        str,
        typer.Argument(
            help="Interaction, call, Call-ID, Session-ID or token; or its first 6 characters."
        ),
    ] = "",
    file: Annotated[
        list[Path] | None,
        typer.Option("--from", help="Join what `nrcli --json trace` wrote at a site; repeatable."),
    ] = None,
    pcap_file: Annotated[
        Path | None, typer.Option("--pcap", help="Write the messages for Wireshark.")
    ] = None,
    unmasked: Annotated[
        bool, typer.Option("--unmasked", help="Numbers and attached data whole; it is recorded.")
    ] = False,
) -> None:
    """What was said over SIP about one call, at all of its sites, as one ladder.

    Asks the node, or the site agent whose address and token are given with --url and --token-file.
    """
    if bool(call) == bool(file):
        raise failed("name a call, or files with --from", USAGE)
    access = access_of(context)
    told = _joined([_read(one) for one in file]) if file else _asked(access, call, unmasked)
    for note in told.notes:
        sys.stderr.write(f"nrcli: {note}\n")
    if pcap_file is not None and told.messages:
        _write(pcap_file, pcap(told.messages))
    if access.as_json:
        put_json(told)
    elif pcap_file is None:
        sys.stdout.write(ladder(told.messages))
    elif told.messages:
        sys.stdout.write(f"{len(told.messages)} messages written to {pcap_file}\n")
    if not told.messages:
        raise failed(f"no SIP message of {told.call} is kept any more, or ever was", REFUSED)


def _asked(access: NodeAccess, call: str, unmasked: bool) -> CallTrace:
    async def ask(node: AdminClient) -> CallTrace:
        began_s = unix_s()
        path = f"/calls/{quote(call, safe='')}/trace" + ("/unmasked" if unmasked else "")
        told = await node.read(CallTrace, path)
        return by_our_clock(told, began_s, unix_s())

    return access.ask(ask)


def _read(path: Path) -> CallTrace:
    try:
        if path.stat().st_size > FILE_BYTES_MAX:
            raise failed(f"{path}: more than {FILE_BYTES_MAX} bytes", USAGE)
        return CallTrace.model_validate_json(path.read_bytes())
    except OSError as error:
        raise failed(f"{path}: {error.strerror}", USAGE) from error
    except ValidationError as error:
        remedy = "give a file that `nrcli --json trace CALL` wrote"
        raise failed(f"{path}: this is no trace of a call; {remedy}", USAGE) from error


def _joined(parts: Sequence[CallTrace]) -> CallTrace:
    messages: list[TracedMessage] = [one for part in parts for one in part.messages]
    return CallTrace(
        call=parts[0].call,
        messages=sorted(messages, key=lambda one: one.at_unix_s),
        unmasked=any(part.unmasked for part in parts),
        notes=[note for part in parts for note in part.notes],
    )


def _write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        raise failed(f"{path}: cannot be written: {error.strerror}", USAGE) from error
