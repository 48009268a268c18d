"""What reports take from documents and files: thresholds, tenants, tariffs, schedules.

Rule of this file: files in, rules out; a mistake ends the program with a plain line.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from nrcli.commands.exit_codes import USAGE
from nrcli.commands.node_access import failed
from nrcli.commands.policy_reading import document_shown, sources_of
from nrcli.errors import SettingsError
from nrcli.reports.facts import Facts
from nrcli.reports.figures import MICRO
from nrcli.reports.periods import US
from routing_policies.network_kinds import PathDoc, ServiceDoc

TEXT_MAX = 256 * 1024 * 1024
"More bytes of a CSV file are not read."


@dataclass(slots=True, kw_only=True)
class Documented:
    """What the network's documents say of services and paths."""

    thresholds_us: dict[str, int] = field(default_factory=dict)
    tenants: dict[str, str] = field(default_factory=dict)
    "By service; used where a record names no tenant."
    tariffs_micro: dict[str, int] = field(default_factory=dict)


def documented(files: list[Path] | None) -> Documented:
    """Thresholds and tenants of services, tariffs of paths."""
    found = Documented()
    for source in sources_of(files) if files else ():
        document = document_shown(source)
        if isinstance(document, ServiceDoc):
            threshold_s = document.spec.service_level.threshold_s
            found.thresholds_us[document.name] = round(threshold_s * US)
            found.tenants[document.name] = document.spec.tenant
        elif isinstance(document, PathDoc):
            found.tariffs_micro[document.name] = round(document.spec.cost * MICRO)
    return found


def with_documents(facts: Facts, said: Documented) -> Facts:
    """The same facts, with tenants and thresholds where records tell none."""
    if not said.tenants:
        return facts
    stays = (
        replace(
            one,
            tenant=one.tenant or said.tenants.get(one.service, ""),
            threshold_us=one.threshold_us or said.thresholds_us.get(one.service, 0),
        )
        for one in facts.stays
    )
    works = (
        replace(one, tenant=one.tenant or said.tenants.get(one.service, "")) for one in facts.works
    )
    return replace(facts, stays=tuple(stays), works=tuple(works))


def csv_file(path: Path) -> str:
    """The text of a CSV file; ends the program if it is none."""
    try:
        with path.open("rb") as file:
            data = file.read(TEXT_MAX + 1)
    except OSError as error:
        raise failed(f"{path} cannot be read: {error.strerror}", USAGE) from error
    if len(data) > TEXT_MAX:
        raise failed(f"{path} is larger than {TEXT_MAX // 1024**2} MB: split it", USAGE)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise failed(f"{path} is no UTF-8 text: save it as CSV (UTF-8)", USAGE) from error


def columns_named(said: str) -> dict[str, str]:
    """`interval=Time,queue=Skill`: their columns by our names. Raises SettingsError."""
    pairs = [part.partition("=") for part in said.split(",") if part.strip()]
    columns = {ours.strip(): theirs.strip() for ours, _, theirs in pairs}
    known = {"interval", "queue", "offered", "answered", "abandoned"}
    if (
        not set(columns) <= known
        or not {"interval", "queue"} < set(columns)
        or "" in columns.values()
    ):
        remedy = (
            "write interval=Time,queue=Skill,offered=Calls and of answered, abandoned what is there"
        )
        raise SettingsError("--columns", f"{said!r} does not name their columns", remedy)
    return columns
