"""From YAML text to typed documents.

Rule of this file: reading one document. How documents fit together is `assembly`'s business. The
YAML library is loaded only when text is read, so that daemons' cores stay free of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from pydantic import BaseModel, ValidationError

from routing_policies.document_checks import document_checks
from routing_policies.document_faults import document_faults
from routing_policies.errors import DocumentError, Fault, nearest
from routing_policies.kinds import API_VERSION, KINDS, Document, SiteAddress, SiteTableDoc
from routing_policies.meaning_faults import meaning_faults
from routing_policies.network_documents import Address, SiteTable
from routing_policies.text_places import BYTES_MAX

if TYPE_CHECKING:
    from routing_policies.text_places import Positioned

Kind = TypeVar("Kind", bound=BaseModel)


def load_document(text: str, *, source: str) -> Document:
    """One YAML document, typed. Raises DocumentError with line, place and remedy of each fault."""
    return load_positioned(text, source=source)[0]


def text_of(data: bytes, *, source: str) -> str:
    """A file's bytes as text. Raises DocumentError if they are none, or too many."""
    if len(data) > BYTES_MAX:
        problem = f"is {len(data)} bytes long, at most {BYTES_MAX} are read"
        raise DocumentError(_whole(source, problem, "split it"))
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        remedy = "save it as UTF-8"
        fault = Fault(source=source, line=line, place="", problem="is not UTF-8", remedy=remedy)
        raise DocumentError(fault) from error


def load_positioned(text: str, *, source: str) -> tuple[Document, Positioned]:
    """The document, and where everything in it stands. Raises as `load_document`."""
    document, read = load_typed(text, source=source, kinds=KINDS)
    if faults := [*document_checks(document, source), *meaning_faults(document, source)]:
        raise DocumentError(*(located(fault, read) for fault in faults))
    return document, read


def load_typed(
    text: str, *, source: str, kinds: Mapping[str, type[Kind]]
) -> tuple[Kind, Positioned]:
    """One document of one of these kinds, in its shape; what the shape cannot say is not checked.

    Raises as `load_document`.
    """
    from routing_policies.yaml_reader import read_yaml

    read = read_yaml(text, source=source)
    model = kinds[_kind_of(read, source, kinds)]
    try:
        return model.model_validate(read.value), read
    except ValidationError as error:
        raise DocumentError(
            *document_faults(error, read=read, model=model, source=source)
        ) from error


def located(fault: Fault, read: Positioned) -> Fault:
    """A fault that knows only its place, with its line and what a caret goes under.

    Its column, if it has one, counts inside the text that stands there.
    """
    if fault.line or not fault.place:
        return fault
    path = read.path_of(fault.place)
    spot = read.spot_inside(path, fault.column, fault.width) if fault.column else read.spot(path)
    if spot is None:
        return fault
    return replace(fault, line=spot.line, column=spot.column, width=spot.width)


def with_lines(faults: Iterable[Fault], texts: Mapping[str, str]) -> list[Fault]:
    """Faults of several documents, each with its line; `texts` by source."""
    from routing_policies.yaml_reader import read_yaml

    read: dict[str, Positioned] = {}
    found: list[Fault] = []
    for fault in faults:
        source = fault.source
        if not fault.line and fault.place and source in texts:
            if source not in read:
                read[source] = read_yaml(texts[source], source=source)
            found.append(located(fault, read[source]))
        else:
            found.append(fault)
    return found


def addresses_of(rows: Iterable[SiteAddress]) -> dict[tuple[str, str], Address]:
    """IP addresses by (site, trunk group); rows with a name alone have none."""
    return {
        (one.site, one.trunk_group): (one.host, one.port, one.transport)
        for one in rows
        if one.host is not None and one.port is not None
    }


def names_of(rows: Iterable[SiteAddress]) -> dict[tuple[str, str], Address]:
    """Names by (site, trunk group), of rows that have one."""
    return {
        (one.site, one.trunk_group): (one.name, one.name_port or 0, one.transport)
        for one in rows
        if one.name is not None
    }


def load_site_table(text: bytes, *, source: str) -> SiteTable:
    """A `SiteTable` document's addresses. Raises DocumentError, also for another kind."""
    document = load_document(text_of(text, source=source), source=source)
    if not isinstance(document, SiteTableDoc):
        raise DocumentError(_whole(source, f"is a {document.kind}", "give a SiteTable"))
    return SiteTable(
        addresses=addresses_of(document.spec.addresses),
        names=names_of(document.spec.addresses),
        numbers={
            (one.site, one.trunk_group): one.numbers
            for one in document.spec.addresses
            if one.numbers
        },
    )


def _kind_of(read: Positioned, source: str, kinds: Collection[str]) -> str:
    if not isinstance(read.value, dict):
        raise DocumentError(
            _whole(source, "is not a mapping", f"start with apiVersion: {API_VERSION}")
        )
    kind = read.value.get("kind")
    if isinstance(kind, str) and kind in kinds:
        return kind
    remedy = "one of " + ", ".join(kinds)
    if "kind" not in read.value:
        problem = "is missing"
        if "rules" in read.value:
            problem += ": this is the inside of `spec:`"
            remedy = "begin with apiVersion, kind, metadata and spec, and indent this below spec"
    elif isinstance(kind, str):
        near = nearest(kind, kinds)
        problem = f"unknown kind '{kind[:60]}'"
        remedy = f"did you mean {near}?" if near else remedy
    else:
        problem = "should be text"
    fault = Fault(source=source, line=0, place="kind", problem=problem, remedy=remedy)
    raise DocumentError(located(fault, read))


def _whole(source: str, problem: str, remedy: str) -> Fault:
    return Fault(source=source, line=0, place="", problem=problem, remedy=remedy)
