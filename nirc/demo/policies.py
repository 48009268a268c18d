"""Takes policies to try on the demo network, and tells by which rules calls went.

Rule of this file: what is wrong with a policy is shown, with line and caret, before anything is
started; a policy decides for all services, or for the one it is given for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path

import yaml

from nirc.demo.documents import documents
from nirc.demo.layout import NetworkShape, build_layout
from nirc.demo.options import BadOption, GivenPolicy
from nrcli.wire.api_models import Decision
from routing_policies.cases import run_cases
from routing_policies.document import DocumentError, assemble, load_document
from routing_policies.errors import shown
from routing_policies.kinds import RoutingPolicyDoc
from routing_policies.loading import text_of
from routing_policies.text_places import BYTES_MAX

Texts = dict[str, str]
"`Kind/name` to YAML."
ANY_PORTS_FROM = 20_000


def read_policies(words: Sequence[str], shape: NetworkShape) -> tuple[GivenPolicy, ...]:
    """`FILE` and `SERVICE=FILE`, checked as the network will be. Raises BadOption."""
    given: list[GivenPolicy] = []
    for word in words:
        one = _read(word, shape)
        if any(one.service == other.service for other in given):
            whom = one.service or "all services"
            raise BadOption(f"--policy {word}: another policy is given for {whom} already")
        if any(one.name == other.name and one.text != other.text for other in given):
            raise BadOption(f"--policy {word}: another policy is called {one.name} already")
        given.append(one)
    _check_whole(given, shape)
    return tuple(given)


def with_policies(texts: Texts, given: Iterable[GivenPolicy]) -> Texts:
    """The network's documents with these policies in use."""
    found = dict(texts)
    for one in given:
        found[f"RoutingPolicy/{one.name}"] = one.text
    by_service = {one.service: one.name for one in given}
    for key, text in texts.items():
        kind, _, service = key.partition("/")
        policy = by_service.get(service, by_service.get(""))
        if kind == "NetworkService" and policy is not None:
            document = yaml.safe_load(text)
            document["spec"]["policy"] = policy
            found[key] = yaml.safe_dump(document, sort_keys=False, allow_unicode=True)
    return found


def rules_told(decisions: Iterable[Decision]) -> list[str]:
    """By which rule calls went in the end, a line per version of a policy, most calls first.

    A caller who waits is asked about again and again: only the last word counts.
    """
    last = {one.interaction_id: one for one in sorted(decisions, key=lambda one: one.at_unix_s)}
    counts: dict[tuple[str, int], Counter[str]] = {}
    for one in last.values():
        counts.setdefault((one.policy, one.policy_version), Counter())[rule_of(one)] += 1
    return [
        f"policy {policy} version {version}, calls by the last rule: "
        + ", ".join(f"{rule} {times}" for rule, times in found.most_common())
        for (policy, version), found in sorted(counts.items())
    ]


def rule_of(decision: Decision) -> str:
    """The rule that decided."""
    for name, fate in decision.rules:
        if fate == "decided":
            return name
    return "otherwise"


def _read(word: str, shape: NetworkShape) -> GivenPolicy:
    service, equals, file = word.partition("=")
    if not equals or Path(word).exists():
        service, file = "", word
    elif service not in shape.services:
        known = ", ".join(shape.services)
        raise BadOption(f"--policy {word}: no service {service} (the demo has {known})")
    try:
        with Path(file).open("rb") as opened:
            data = opened.read(2 * BYTES_MAX)
    except OSError as error:
        raise BadOption(f"--policy {file}: cannot be read: {error.strerror}") from error
    text = ""
    try:
        text = text_of(data, source=file)
        document = load_document(text, source=file)
    except DocumentError as error:
        raise BadOption(shown(error, text)) from error
    if not isinstance(document, RoutingPolicyDoc):
        raise BadOption(f"--policy {file}: is a {document.kind}, give a RoutingPolicy")
    return GivenPolicy(name=document.name, text=text, service=service, file=file)


def _check_whole(given: Sequence[GivenPolicy], shape: NetworkShape) -> None:
    """Do they fit the demo network, and do their cases pass?"""
    texts = with_policies(documents(build_layout(shape, count(ANY_PORTS_FROM).__next__)), given)
    try:
        assemble({key: (text, 1) for key, text in texts.items()}, 1)
    except DocumentError as error:
        files = {f"RoutingPolicy/{one.name}": one.file for one in given}
        has = f"(the demo has {_has(texts)})"
        raise BadOption(f"{_shown(error, texts, files)}\n{has}") from error
    for one in given:
        document = load_document(one.text, source=one.name)
        assert isinstance(document, RoutingPolicyDoc)
        for case in run_cases(document):
            if not case.passed:
                told = case.told.replace("\n", "\n    ")
                raise BadOption(f"policy {one.name}: case {case.name!r} fails\n    {told}")


def _has(texts: Texts) -> str:
    """What a policy for the demo may name."""
    sites, services = (
        ", ".join(key.partition("/")[2] for key in texts if key.startswith(f"{kind}/"))
        for kind in ("Site", "NetworkService")
    )
    return f"the sites {sites}; the services and queues {services}; no calendars and lists"


def _shown(error: DocumentError, texts: Mapping[str, str], files: Mapping[str, str]) -> str:
    """Each fault with the picture of its own document, by the name of its file."""
    told = []
    for source in dict.fromkeys(fault.source for fault in error.faults):
        named = files.get(source, source)
        faults = [replace(one, source=named) for one in error.faults if one.source == source]
        told.append(shown(DocumentError(*faults), texts.get(source, "")))
    return "\n".join(told)
