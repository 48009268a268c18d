"""Policies in a file or a folder, put in the place of a scenario's, and what differs in words.

Rule of this file: one policy alone decides for all services; a set takes the place of the documents
of the same names, and the scenario's services choose among them as its documents say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from routing_policies.diff import diff
from routing_policies.kinds import RoutingPolicyDoc
from routing_policies.loading import load_document, text_of
from simulator.errors import StudyError
from simulator.scenarios.policies import CATALOGUE, STAY, policy_text
from simulator.scenarios.written import parts_of
from simulator.studies.cases import Case
from simulator.studies.study import Wanted

ENDINGS = (".yaml", ".yml")


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicySet:
    """What was named: policies, and other documents beside them."""

    named: str
    policies: tuple[RoutingPolicyDoc, ...]
    files: tuple[str, ...]
    "Empty: one policy that is no file."
    others_count: int = 0
    "Documents of other kinds."


def policy_set(named: str) -> PolicySet:
    """Read a policy by name, a file, or every YAML file of a folder. Raises DocumentError and
    StudyError."""
    if named == STAY or named.startswith(CATALOGUE):
        found = policy_text(named, Path())
        document = load_document(found.text, source=named)
        assert isinstance(document, RoutingPolicyDoc)
        return PolicySet(named=named, policies=(document,), files=())
    path = Path(named)
    if not path.exists():
        raise StudyError(
            f"{named}: there is no such file or folder",
            "name a policy's file, a folder of them, catalogue:NAME, or stay",
        )
    files = [path]
    if path.is_dir():
        files = sorted(one for one in path.rglob("*") if one.suffix in ENDINGS and one.is_file())
    policies, others = [], 0
    for file in files:
        for text in parts_of(text_of(file.read_bytes(), source=str(file))):
            document = load_document(text, source=str(file))
            if isinstance(document, RoutingPolicyDoc):
                policies.append(document)
            else:
                others += 1
    if not policies:
        raise StudyError(f"{named}: there is no RoutingPolicy in it", "write one, or name another")
    return PolicySet(
        named=named,
        policies=tuple(policies),
        files=tuple(str(file.resolve()) for file in files),
        others_count=others,
    )


def wanted_of(case: Case, chosen: PolicySet, name: str) -> Wanted:
    """A variant that runs under these policies. Raises DocumentError and StudyError."""
    if not chosen.files:
        return Wanted(name=name, case=case, policy=chosen.named)
    if len(chosen.policies) == 1 and not chosen.others_count:
        return Wanted(name=name, case=case, policy=chosen.files[0])
    documents = [*case.scenario.doc.spec.documents, *chosen.files]
    made = case.with_changes([f"documents={list(documents)!r}"])
    return Wanted(name=name, case=replace(made, changes=case.changes))


def differences(old: PolicySet, new: PolicySet) -> tuple[str, ...]:
    """What differs, in words, policy by policy; two single policies are held against one another
    whatever their names are."""
    if len(old.policies) == len(new.policies) == 1:
        return tuple(diff(old.policies[0], new.policies[0]))
    before = {one.name: one for one in old.policies}
    after = {one.name: one for one in new.policies}
    lines: list[str] = []
    for name in sorted(before.keys() | after.keys()):
        lines += _of_one(name, before.get(name), after.get(name))
    return tuple(lines)


def _of_one(name: str, old: RoutingPolicyDoc | None, new: RoutingPolicyDoc | None) -> Sequence[str]:
    if old is None:
        return [f"{name}: is new"]
    if new is None:
        return [f"{name}: is gone"]
    return [f"{name}: {line}" for line in diff(old, new)]
