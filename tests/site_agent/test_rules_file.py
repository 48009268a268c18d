"""The site's own file of rules on disk."""

import os

from site_agent.rules_file import BYTES_MAX, RulesFile


def test_a_file_is_read_and_read_again_when_it_has_changed(tmp_path):
    path = tmp_path / "rules.yaml"
    path.write_text("a")
    file = RulesFile(path)
    assert (file.read().text, file.read().source) == ("a", str(path))
    assert file.changed() is None
    path.write_text("bb")
    assert file.changed().text == "bb" and file.changed() is None
    beside = tmp_path / "new"
    beside.write_text("cc")
    beside.replace(path)
    assert file.changed().text == "cc", "an editor that writes beside and renames"


def test_what_cannot_be_read_is_told_once_until_it_can(tmp_path):
    path = tmp_path / "rules.yaml"
    file = RulesFile(path)
    assert "cannot be read" in file.read().problem and file.changed() is None
    path.write_bytes(b"\xff\xfe")
    assert "UTF-8" in file.changed().problem
    path.write_bytes(b"x" * (BYTES_MAX + 1))
    assert str(BYTES_MAX) in file.changed().problem
    path.unlink()
    assert "cannot be read" in file.changed().problem


def test_what_is_no_plain_file_is_told_at_once(tmp_path):
    path = tmp_path / "rules.yaml"
    file = RulesFile(path)
    os.mkfifo(path)
    assert file.changed().problem == "is no plain file", "nobody writes: it would never end"
    path.unlink()
    path.symlink_to("/dev/zero")
    assert file.changed().problem == "is no plain file"
    path.unlink()
    path.mkdir()
    assert "Is a directory" in file.changed().problem
    path.rmdir()
    path.symlink_to(path)
    assert file.changed() is None or "cannot be read" in file.read().problem
    path.unlink()
    path.write_text("good again")
    assert file.changed().text == "good again"
