"""What a change of the documents is checked against, and what it writes.

Rule of this file: no etcd here. An edit is looked at as a whole before anything is written, and a
change of a RoutingPolicy always makes a version, whatever way it came: none escapes history.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import ValidationError

from nirc.errors import DocumentConflictError, DocumentRefusedError
from nirc.stores.etcd_values import Check, Delete, KeyValue, Put
from nirc.stores.policy_records import policy_of_state, state_from, state_key, writes_of
from routing_policies import version_acts as acts
from routing_policies.document import DocumentError, NetworkDocuments, SiteTableDoc, assemble
from routing_policies.errors import told
from routing_policies.loading import with_lines
from routing_policies.read_texts import ReadTexts
from routing_policies.rollout import VersionText, WrittenRollout
from routing_policies.versions import (
    Order,
    PolicyState,
    Step,
    VersionRefusedError,
    digest_of,
)
from routing_policies.written_groups import group_faults

PREFIX = "/nirc/documents/"
SERIAL_KEY = "/nirc/documents-serial"
POLICY = "RoutingPolicy/"
DOCUMENT_BYTES_MAX = 1 << 20
CHANGES_MAX = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDocument:
    """One document as etcd keeps it."""

    key: str
    "`kind/name`."
    text: str
    mod_revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One document to write, or to remove (`text` is None)."""

    key: str
    "`kind/name`."
    text: str | None
    if_revision: int | None = None
    "Only if it is at this revision (0: does not exist); None: whatever it is."


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Documents and states of policies at one revision."""

    revision: int
    documents: Mapping[str, StoredDocument]
    "By `kind/name`."
    states: Mapping[str, PolicyState]
    "By name of the policy."
    state_revisions: Mapping[str, int] = field(default_factory=dict)
    serial_revision: int = 0

    def state_of(self, policy: str, at_unix_s: float) -> Step:
        """The policy's state as a step that does nothing, or that makes its text a version where
        no version knows it yet."""
        state = self.states.get(policy)
        live = self.documents.get(POLICY + policy)
        if live is None or (state is not None and digest_of(live.text) == state.digest):
            return Step(state=state or PolicyState())
        return acts.found(state or PolicyState(), live.text, at_unix_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What is wanted: documents, and what it does to policies' states."""

    changes: tuple[Change, ...] = ()
    steps: Mapping[str, Step] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Nothing would change."""
        return not self.changes and not any(step.events for step in self.steps.values())


def snapshot_of(kvs: Iterable[KeyValue], revision: int, serial: KeyValue | None = None) -> Snapshot:
    """What lies under the watched prefixes. Raises DocumentRefusedError for a broken state."""
    documents: dict[str, StoredDocument] = {}
    states: dict[str, PolicyState] = {}
    revisions: dict[str, int] = {}
    for kv in kvs:
        policy = policy_of_state(kv.key)
        text = kv.value.decode("utf-8", errors="replace")
        if kv.key.startswith(PREFIX):
            key = kv.key.removeprefix(PREFIX)
            documents[key] = StoredDocument(key=key, text=text, mod_revision=kv.mod_revision)
        elif policy is not None:
            states[policy] = read_state(policy, text)
            revisions[policy] = kv.mod_revision
    return Snapshot(
        revision=revision,
        documents=documents,
        states=states,
        state_revisions=revisions,
        serial_revision=serial.mod_revision if serial else 0,
    )


def read_state(policy: str, text: str) -> PolicyState:
    """A policy's stored state. Raises DocumentRefusedError."""
    try:
        return state_from(text)
    except ValueError as error:
        why = "it is no JSON of this form" if isinstance(error, ValidationError) else str(error)
        problem = f"what is kept of this policy's versions cannot be used: {why}"
        remedy = f"restore the key {state_key(policy)} from a backup, or delete it"
        raise DocumentRefusedError(f"{POLICY}{policy}", problem, remedy) from error


def edit_of(changes: Sequence[Change], snapshot: Snapshot, order: Order, kept_max: int) -> Edit:
    """Plain changes of documents, with the versions that they make. Raises DocumentRefusedError."""
    steps: dict[str, Step] = {}
    for change in changes:
        if not change.key.startswith(POLICY):
            continue
        policy = change.key.removeprefix(POLICY)
        before = snapshot.state_of(policy, order.at_unix_s)
        try:
            if change.text is None:
                after = acts.remove(before.state, order)
            else:
                after = acts.publish(
                    before.state, change.text, order, action="put", kept_max=kept_max
                )
        except VersionRefusedError as error:
            raise DocumentRefusedError(change.key, error.problem, error.remedy) from error
        steps[policy] = acts.then(before, after)
    return Edit(changes=tuple(changes), steps=steps)


def joined(
    texts: Mapping[str, tuple[str, int]],
    states: Mapping[str, PolicyState],
    revision: int,
    read: ReadTexts | None = None,
) -> NetworkDocuments:
    """The set as the router uses it. Raises DocumentError."""
    rollouts = {}
    for key, (text, _) in texts.items():
        if key.startswith(POLICY):
            policy = key.removeprefix(POLICY)
            rollouts[policy] = _rollout(states.get(policy), text)
    return assemble(texts, revision, rollouts, read)


def _rollout(state: PolicyState | None, text: str) -> WrittenRollout:
    live = acts.live_number(state, text)
    if state is None:
        return WrittenRollout(live=live)
    canary = state.canary
    return WrittenRollout(
        live=live,
        shadow=_version_text(state, state.shadow),
        canary=_version_text(state, canary.version if canary else 0),
        canary_sites=frozenset(canary.sites if canary else ()),
        canary_services=frozenset(canary.services if canary else ()),
        canary_share=canary.share if canary and canary.share < 1.0 else 0.0,
    )


def _version_text(state: PolicyState, number: int) -> VersionText | None:
    text = state.texts.get(number)
    return None if text is None else VersionText(version=number, text=text)


def texts_of(snapshot: Snapshot) -> dict[str, tuple[str, int]]:
    """What `joined` takes."""
    return {key: (one.text, one.mod_revision) for key, one in snapshot.documents.items()}


def check_whole(snapshot: Snapshot, edit: Edit, read: ReadTexts | None = None) -> NetworkDocuments:
    """The set as it would be. Raises DocumentRefusedError when it would not fit together."""
    texts = texts_of(snapshot)
    for change in edit.changes:
        if change.text is None:
            texts.pop(change.key, None)
        else:
            texts[change.key] = (change.text, snapshot.revision + 1)
    states = {**snapshot.states, **{name: step.state for name, step in edit.steps.items()}}
    try:
        documents = joined(texts, states, snapshot.revision + 1, read)
        _check_groups(snapshot, edit, documents, read or ReadTexts())
    except DocumentError as error:
        gone = [change.key for change in edit.changes if change.text is None]
        raise _still_needed(gone, error) if gone else _refused(error) from error
    return documents


def _check_groups(
    snapshot: Snapshot, edit: Edit, documents: NetworkDocuments, read: ReadTexts
) -> None:
    """What this edit makes wrong about trunk groups; what was wrong before stays as it is."""
    faults = group_faults(documents, {*documents.addresses, *documents.names})
    if not faults:
        return
    changed = {change.key for change in edit.changes}
    tables = [
        read.document(key, one.text)
        for key, one in snapshot.documents.items()
        if key.startswith("SiteTable/")
    ]
    stood = {
        (one.site, one.trunk_group)
        for table in tables
        if isinstance(table, SiteTableDoc)
        for one in table.spec.addresses
    }
    before = {(one.source, one.place, one.problem) for one in group_faults(documents, stood)}
    new = [
        one
        for one in faults
        if one.source in changed or (one.source, one.place, one.problem) not in before
    ]
    if new:
        texts = {key: text for key, (text, _) in documents.texts.items()}
        raise DocumentError(*with_lines(new, texts))


def check_bounds(changes: Sequence[Change]) -> None:
    """Not too many, none twice, none too large. Raises DocumentRefusedError."""
    if len(changes) > CHANGES_MAX:
        problem = f"{len(changes)} documents in one request"
        raise DocumentRefusedError("documents", problem, f"at most {CHANGES_MAX}")
    if len({change.key for change in changes}) != len(changes):
        raise DocumentRefusedError("documents", "the same document twice in one request")
    for change in changes:
        size = len((change.text or "").encode())
        if size > DOCUMENT_BYTES_MAX:
            remedy = f"at most {DOCUMENT_BYTES_MAX} bytes"
            raise DocumentRefusedError(change.key, f"is {size} bytes", remedy)


def check_revisions(changes: Sequence[Change], snapshot: Snapshot) -> None:
    """Each is at the revision asked for. Raises DocumentConflictError."""
    for change in changes:
        found = _revision(snapshot, change.key)
        if change.if_revision is not None and change.if_revision != found:
            raise DocumentConflictError(change.key, change.if_revision, found)
        if change.text is None and not found:
            raise DocumentConflictError(change.key, change.if_revision or 1, 0)


def checks_of(edit: Edit, snapshot: Snapshot) -> list[Check]:
    """Nothing that was looked at may have changed: one serial key stands for the whole set."""
    documents = (PREFIX + one.key for one in edit.changes)
    return [
        Check(key=SERIAL_KEY, mod_revision=snapshot.serial_revision),
        *(
            Check(key=key, mod_revision=_revision(snapshot, key.removeprefix(PREFIX)))
            for key in documents
        ),
        *(
            Check(key=state_key(name), mod_revision=snapshot.state_revisions.get(name, 0))
            for name, step in edit.steps.items()
            if step.events
        ),
    ]


def writes_of_edit(edit: Edit) -> list[Put | Delete]:
    """Everything in one transaction, so that every node switches at one revision."""
    writes: list[Put | Delete] = [Put(key=SERIAL_KEY, value=b"")]
    for change in edit.changes:
        key = PREFIX + change.key
        if change.text is None:
            writes.append(Delete(key=key))
        else:
            writes.append(Put(key=key, value=change.text.encode()))
    for name, step in edit.steps.items():
        writes += writes_of(name, step)
    return writes


def place_of_error(error: DocumentError) -> str:
    """`source:line`."""
    return f"{error.source}:{error.line}" if error.line else error.source


def _revision(snapshot: Snapshot, key: str) -> int:
    found = snapshot.documents.get(key)
    return found.mod_revision if found else 0


def _refused(error: DocumentError) -> DocumentRefusedError:
    """Every fault, a line each; the first one's place is the place of all."""
    problem = f"{error.place}: {error.problem}" if error.place else error.problem
    if len(error.faults) == 1:
        return DocumentRefusedError(place_of_error(error), problem, error.remedy)
    remedy = f" ({error.remedy})" if error.remedy else ""
    return DocumentRefusedError(
        place_of_error(error), "\n".join((problem + remedy, *map(told, error.faults[1:])))
    )


def _still_needed(gone: Sequence[str], error: DocumentError) -> DocumentRefusedError:
    """What cannot be removed, and who names it."""
    lines = ["not removed: these documents still name it, or need it:"]
    for fault in error.faults:
        inside = f" {fault.place}" if fault.place else ""
        named = fault.problem.startswith("there is no ")
        lines.append(f"  {fault.source}{inside}" + ("" if named else f": {fault.problem}"))
    remedy = "change those first, or remove them together with it in one command"
    return DocumentRefusedError(", ".join(gone), "\n".join(lines), remedy)
