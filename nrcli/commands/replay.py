"""`nrcli replay`: recorded decisions, asked of their policy once more.

Rule of this file: it reads records and the texts of policies; whether the answers are the same is
`routing_policies.replaying`'s to say.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import typer

from nrcli.commands.exit_codes import DOCUMENT_WRONG, REFUSED, USAGE
from nrcli.commands.export import Folder, Since, Until, Zone, record_reader, zone_of
from nrcli.commands.file_text import text_in
from nrcli.commands.node_access import NodeAccess, access_of, failed
from nrcli.commands.record_times import instant_unix_s
from nrcli.commands.tables import show
from nrcli.errors import RecordsError, SettingsError
from nrcli.policy_client import PolicyClient
from nrcli.wire.record_tables import DECISIONS, DecisionRow
from routing_policies.compiler import CompiledPolicy, compile_policy
from routing_policies.document import RoutingPolicyDoc, load_document
from routing_policies.errors import DocumentError
from routing_policies.replaying import can_be_replayed, differences

PolicyOf = Callable[[str, int], CompiledPolicy]


def replay(  # noqa: PLR0917 - a command line
    context: typer.Context,
    records: Folder,
    call: Annotated[str, typer.Argument(help="Decision, request or interaction; all.")] = "",
    policy: Annotated[
        Path | None,
        typer.Option(help="This text for every decision; none: each one's own, from the node."),
    ] = None,
    since: Since = "24h",
    until: Until = "",
    zone: Zone = "UTC",
) -> None:
    """Ask policies again what was recorded. Ends with 1 where an answer differs."""
    access = access_of(context)
    policy_of = _given(policy) if policy else _published(access)
    counts = {"same": 0, "differs": 0, "without numbers": 0}
    try:
        place = zone_of(zone)
        span = (instant_unix_s(since, place), instant_unix_s(until, place))
        for row in _rows(records, span, call):
            word, told = _replayed(row, policy_of)
            counts[word] += 1
            if not access.as_json:
                for one in told:
                    show(f"{row.decision_id} ({row.policy} v{row.policy_version}): {one}")
    except (RecordsError, SettingsError) as error:
        raise failed(str(error), USAGE) from error
    except DocumentError as error:
        raise failed(str(error), DOCUMENT_WRONG) from error
    if access.as_json:
        sys.stdout.write(json.dumps(counts) + "\n")
    else:
        show(", ".join(f"{count} {word}" for word, count in counts.items()))
    if counts["differs"]:
        raise typer.Exit(REFUSED)


def _rows(folder: Path, span: tuple[float, float], call: str) -> Iterator[DecisionRow]:
    begin_s, until_s = span
    rows = record_reader().read_records(
        folder, DECISIONS, since_unix_s=begin_s, until_unix_s=until_s
    )
    for row in rows:
        ids = (row.decision_id, row.request_id, row.interaction_id)
        if not call or any(one.startswith(call) for one in ids):
            yield row


def _replayed(row: DecisionRow, policy_of: PolicyOf) -> tuple[str, list[str]]:
    record: dict[str, Any] = json.loads(row.record or "{}")
    if not can_be_replayed(record):
        return "without numbers", []
    found = differences(record, policy_of(row.policy, row.policy_version))
    return ("differs", found) if found else ("same", [])


def _given(file: Path) -> PolicyOf:
    text, name = text_in(file)
    return cache(lambda policy, version: _compiled(text, name, version))


def _published(access: NodeAccess) -> PolicyOf:
    """Each version's own text, asked once."""

    @cache
    def policy_of(policy: str, version: int) -> CompiledPolicy:
        found = access.ask(lambda node: PolicyClient(node).version(policy, version))
        return _compiled(found.text, f"{policy} version {version}", version)

    return policy_of


def _compiled(text: str, source: str, version: int) -> CompiledPolicy:
    document = load_document(text, source=source)
    if not isinstance(document, RoutingPolicyDoc):
        raise SettingsError(source, f"is a {document.kind}", "name the text of a RoutingPolicy")
    return compile_policy(document, version, source=source)
