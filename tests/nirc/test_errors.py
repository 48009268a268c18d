"""Errors carry fields for programs and words for people."""

from nirc.errors import CompactedError, DocumentConflictError, DocumentRefusedError, NircError


def test_a_conflict_says_what_was_expected_and_found() -> None:
    error = DocumentConflictError("Site/lisbon", 5, 7)
    assert str(error) == "Site/lisbon: revision 5 expected, it is at revision 7"
    gone = DocumentConflictError("Site/lisbon", 0, 7)
    assert str(gone) == "Site/lisbon: no such document expected, it is at revision 7"
    assert str(DocumentConflictError("Site/x", 5, 0)).endswith("it does not exist")


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
