"""Errors carry fields for programs and words for people."""

from nirc.errors import CompactedError, DocumentConflictError, DocumentRefusedError, NircError


def test_a_conflict_says_what_was_expected_and_found() -> None:
    error = DocumentConflictError("Site/lisbon", 5, 7)
    assert str(error) == "Site/lisbon: it changed since you read it (now version 7): get it again"
    gone = DocumentConflictError("Site/lisbon", 0, 7)
    assert str(gone) == "Site/lisbon: it exists already (version 7)"
    assert str(DocumentConflictError("Site/x", 5, 0)).endswith("or not any more")


def test_fields() -> None:
    error = DocumentRefusedError("Site/lisbon:4", "unknown key", "remove it")
    assert (error.place, error.problem, error.remedy) == (
        "Site/lisbon:4",
        "unknown key",
        "remove it",
    )
    assert str(error) == "Site/lisbon:4: unknown key (remove it)"
    assert isinstance(CompactedError("etcd", 9), NircError)
    assert CompactedError("etcd", 9).compact_revision == 9
