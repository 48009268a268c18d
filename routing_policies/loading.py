"""From YAML text to typed documents.

Rule of this file: reading one document. How documents fit together is `assembly`'s business. The
YAML library is loaded only when text is read, so that daemons' cores stay free of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import ValidationError

from routing_policies.errors import DocumentError, Fault
from routing_policies.kinds import API_VERSION, KINDS, Document, SiteTableDoc
from routing_policies.meaning_faults import meaning_faults
from routing_policies.network_documents import SiteTable

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from routing_policies.yaml_reader import Positioned

_REMEDIES = {
    "extra_forbidden": "remove it, or correct its name",
    "missing": "add it",
    "int_type": "write a whole number without quotes",
    "float_type": "write a number without quotes",
    "string_type": "put it in quotes",
    "bool_type": "write true or false",
    "tuple_type": "write a list, such as [a, b]",
    "host_name": "write the address itself: sites look up no names",
    "sip_over_tls": "write udp or tcp: sites have no SIP over TLS yet",
    "address_form": "write token_user, or leave it out",
    "shape": "correct it",
    "string_pattern_mismatch": "use only the characters allowed",
}


_SECTIONS = ("model_type", "model_attributes_type", "dict_type")


def load_document(text: str, *, source: str) -> Document:
    """One YAML document, typed. Raises DocumentError with line, place and remedy of each fault."""
    from routing_policies.yaml_reader import read_yaml

    read = read_yaml(text, source=source)
    model = KINDS[_kind_of(read, source)]
    try:
        document = model.model_validate(read.value)
    except ValidationError as error:
        wrong = [_fault(source, read, item) for item in error.errors(include_url=False)]
        raise DocumentError(*wrong) from error
    faults = meaning_faults(document, source, read.line_of)
    if faults:
        raise DocumentError(*faults)
    return document


def load_site_table(text: bytes, *, source: str) -> SiteTable:
    """A `SiteTable` document's addresses. Raises DocumentError, also for another kind."""
    try:
        document = load_document(text.decode("utf-8"), source=source)
    except UnicodeDecodeError as error:
        raise DocumentError(_whole(source, "is not UTF-8", "save it as UTF-8")) from error
    if not isinstance(document, SiteTableDoc):
        raise DocumentError(_whole(source, f"is a {document.kind}", "give a SiteTable"))
    found: dict[tuple[str, str], tuple[str, int, str]] = {}
    for i, entry in enumerate(document.spec.addresses):
        key = (entry.site, entry.trunk_group)
        if key in found:
            place = f"spec.addresses[{i}]"
            problem = f"{entry.site}/{entry.trunk_group} is given twice"
            remedy = "keep one address"
            fault = Fault(source=source, line=0, place=place, problem=problem, remedy=remedy)
            raise DocumentError(fault)
        found[key] = (entry.host, entry.port, entry.transport)
    return SiteTable(addresses=found)


def _kind_of(read: Positioned, source: str) -> str:
    if not isinstance(read.value, dict):
        raise DocumentError(
            _whole(source, "is not a mapping", f"start with apiVersion: {API_VERSION}")
        )
    kind = read.value.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        problem = f"unknown kind {_shown(kind)}" if "kind" in read.value else "is missing"
        remedy = "one of " + ", ".join(KINDS)
        line = read.line_of(("kind",))
        raise DocumentError(
            Fault(source=source, line=line, place="kind", problem=problem, remedy=remedy)
        )
    return kind


def _fault(source: str, read: Positioned, item: ErrorDetails) -> Fault:
    from routing_policies.yaml_reader import place_of

    steps = tuple(item["loc"])
    code = item["type"]
    if code == "extra_forbidden":
        problem = "unknown key"
    elif code == "literal_error":
        problem = f"should be {item.get('ctx', {}).get('expected', 'another value')}, got "
        problem += _shown(item["input"])
    elif code in _SECTIONS:
        problem = (
            f"should be a section of its own (name: value, indented), got {_shown(item['input'])}"
        )
    elif code == "missing":
        problem = "is missing"
    else:
        message = item["msg"].removeprefix("Input ").replace("valid tuple", "list")
        message = message.replace("a valid string", "text").replace("valid integer", "whole number")
        message = message.replace("valid number", "number").replace("valid boolean", "yes or no")
        problem = f"{message[:1].lower()}{message[1:]}, got {_shown(item['input'])}"
    remedy = _REMEDIES.get(code, "correct it")
    line = read.line_of(steps)
    return Fault(source=source, line=line, place=place_of(steps), problem=problem, remedy=remedy)


def _shown(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        return "a section"
    if isinstance(value, tuple):
        return "a list"
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _whole(source: str, problem: str, remedy: str) -> Fault:
    return Fault(source=source, line=0, place="", problem=problem, remedy=remedy)
