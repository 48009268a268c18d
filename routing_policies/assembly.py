"""Joins single documents into one set, or says everything that keeps them from fitting together.

Rule of this file: a set is whole or refused; the one in use stays when a new one is wrong. What was
read before is not read again.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from routing_policies.collected import Collected, WrittenPolicy
from routing_policies.compiler import CompiledPolicy, compile_policy
from routing_policies.errors import DocumentError, Fault
from routing_policies.kinds import OverflowRulesDoc, RoutingPolicyDoc, SiteTableDoc
from routing_policies.loading import (
    addresses_of,
    load_document,
    load_site_table,
    names_of,
    with_lines,
)
from routing_policies.network_documents import DEFAULT_POLICY, NetworkDocuments
from routing_policies.number_lists import indexed
from routing_policies.read_texts import ReadTexts
from routing_policies.references import reference_faults
from routing_policies.rollout import PolicyVersions, Rollout, VersionText, WrittenRollout

Texts = Mapping[str, tuple[str, int]]
"`kind/name` to (YAML text, store revision of its last change)."
Rollouts = Mapping[str, WrittenRollout]
"By name of the policy."
_NO_ROLLOUTS: Rollouts = {}


def assemble(
    documents: Texts,
    revision: int,
    rollouts: Rollouts = _NO_ROLLOUTS,
    compiled_cache: ReadTexts | None = None,
) -> NetworkDocuments:
    """One checked set. Raises DocumentError with every fault of every document.

    A policy without a rollout has the store revision of its text as its version number.
    """
    return _Assembly(documents, rollouts, compiled_cache or ReadTexts()).joined(revision)


@cache
def default_policy() -> CompiledPolicy:
    """The built-in policy, used where a network has none of its own."""
    source = "catalogue/default.yaml"
    text = files("routing_policies").joinpath(source).read_text(encoding="utf-8")
    document = load_document(text, source=source)
    assert isinstance(document, RoutingPolicyDoc)
    return compile_policy(document, 0, source=source)


class _Assembly:
    """Collects documents by kind, and faults."""

    def __init__(self, texts: Texts, rollouts: Rollouts, read: ReadTexts) -> None:
        self._texts = texts
        self._rollouts = rollouts
        self._read = read
        self._faults: list[Fault] = []
        self._found = Collected()
        self._policies: dict[str, PolicyVersions] = {}
        self._text_of: dict[str, str] = {key: text for key, (text, _) in texts.items()}
        "By source, of everything that faults may name."

    def joined(self, revision: int) -> NetworkDocuments:
        self._read.begin()
        for key in sorted(self._texts, key=lambda key: (self._texts[key][1], key)):
            try:
                self._take(key)
            except DocumentError as error:
                self._faults.extend(error.faults)
        if not self._faults:
            self._faults = reference_faults(self._found)
            self._check_single()
        if self._faults:
            raise DocumentError(*with_lines(self._faults, self._text_of))
        return self._whole(revision)

    def _whole(self, revision: int) -> NetworkDocuments:
        found = self._found
        table_key = f"SiteTable/{next(iter(found.tables))}" if found.tables else ""
        table, table_revision = self._texts.get(table_key, ("", 0))
        own = self._policies.get(DEFAULT_POLICY)
        rows = [one for document in found.tables.values() for one in document.spec.addresses]
        return NetworkDocuments(
            revision=revision,
            sites=found.sites,
            paths=tuple(found.paths.values()),
            services=found.services,
            policy=own.live if own else default_policy(),
            site_table=table.encode("utf-8"),
            site_table_revision=table_revision,
            addresses=addresses_of(rows),
            names=names_of(rows),
            policies=self._policies,
            tenants=found.tenants,
            calendars=found.calendars,
            dial_plans=found.dial_plans,
            pools=found.pools,
            plans=found.plans,
            lists={
                name: {one.name: indexed(one) for one in tenant.spec.lists}
                for name, tenant in found.tenants.items()
            },
            handlers=found.handlers,
            alarm_rules=found.alarm_rules,
            texts=dict(self._texts),
        )

    def _take(self, key: str) -> None:
        text, changed_revision = self._texts[key]
        document = self._read.document(key, text)
        if key != f"{document.kind}/{document.name}":
            problem = f"holds {document.kind}/{document.name}"
            self._wrong(key, "metadata.name", problem, "store it under its own kind and name")
            return
        match document:
            case OverflowRulesDoc():
                problem = "OverflowRules are no document of the network"
                remedy = "they live in the site's own folder, and the site agent reads them there"
                self._wrong(key, "kind", problem, remedy)
            case RoutingPolicyDoc():
                self._take_policy(key, document, changed_revision)
            case SiteTableDoc():
                load_site_table(text.encode("utf-8"), source=key)
                self._found.add(document)
            case _:
                self._found.add(document)

    def _take_policy(self, key: str, document: RoutingPolicyDoc, revision: int) -> None:
        name = document.name
        written = self._rollouts.get(name)
        live = self._version(key, self._texts[key][0], written.live if written else revision)
        self._found.policies[name] = live
        self._policies[name] = PolicyVersions(
            live=live.compiled, rollout=self._rollout(key, written) if written else None
        )

    def _rollout(self, key: str, written: WrittenRollout) -> Rollout:
        return Rollout(
            shadow=self._other_version(key, written.shadow),
            canary=self._other_version(key, written.canary),
            canary_sites=written.canary_sites,
            canary_services=written.canary_services,
            canary_share=written.canary_share,
        )

    def _other_version(self, key: str, written: VersionText | None) -> CompiledPolicy | None:
        if written is None:
            return None
        source = f"{key} version {written.version}"
        self._text_of[source] = written.text
        document = self._read.document(source, written.text)
        if key != f"{document.kind}/{document.name}":
            problem = f"holds {document.kind}/{document.name}"
            raise DocumentError(_fault(source, "metadata.name", problem, f"publish {key} anew"))
        return self._version(source, written.text, written.version).compiled

    def _version(self, source: str, text: str, version: int) -> WrittenPolicy:
        document = self._read.document(source, text)
        assert isinstance(document, RoutingPolicyDoc)
        compiled = self._read.compiled(source, text, version)
        policy = WrittenPolicy(source=source, document=document, compiled=compiled)
        self._found.versions.append(policy)
        return policy

    def _check_single(self) -> None:
        for kind in ("SiteTable", "PeerPlan"):
            keys = [key for key in self._texts if key.startswith(f"{kind}/")]
            stands, *later = sorted(keys, key=lambda key: (self._texts[key][1], key)) or [""]
            for key in later:
                name = stands.partition("/")[2]
                problem = f"{stands} stands already, and a network has one {kind}"
                remedy = f"replace that one: give this document the name {name}"
                self._wrong(key, "", problem, remedy)

    def _wrong(self, source: str, place: str, problem: str, remedy: str) -> None:
        self._faults.append(_fault(source, place, problem, remedy))


def _fault(source: str, place: str, problem: str, remedy: str) -> Fault:
    return Fault(source=source, line=0, place=place, problem=problem, remedy=remedy)
