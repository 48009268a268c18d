"""The cache of documents: kept whole, private, and never a reason to fail."""

from pathlib import Path

import pytest

from nirc.stores.document_cache import CachedTexts, DocumentCache


def test_kept_and_read(tmp_path: Path) -> None:
    cache = DocumentCache(tmp_path / "sub" / "documents.json")
    assert cache.read() is None
    cache.write(7, {"Site/lisbon": ("text", 5)})
    assert cache.read() == CachedTexts(revision=7, texts={"Site/lisbon": ("text", 5)})
    assert (tmp_path / "sub" / "documents.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"texts": 3}', '{"revision": 1, "texts": {"a": 1}}']
)
def test_of_no_use(tmp_path: Path, text: str) -> None:
    path = tmp_path / "documents.json"
    path.write_text(text)
    assert DocumentCache(path).read() is None


def test_nowhere_to_keep_it(tmp_path: Path) -> None:
    DocumentCache(None).write(1, {})
    assert DocumentCache(None).read() is None
    (tmp_path / "file").write_text("")
    DocumentCache(tmp_path / "file" / "documents.json").write(1, {})
