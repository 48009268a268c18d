"""Where an Asterisk is looked for, against programs that only tell a version."""

from pathlib import Path

import pytest

from nirc.demo import asterisk_program
from nirc.demo.asterisk_program import LOADER, MODULES, NoAsterisk, find_program


def _script(path: Path, said: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho '{said}'\n")
    path.chmod(0o755)


def _installed(prefix: Path, said: str) -> Path:
    """A tree as a distribution's packages make it."""
    _script(prefix / "sbin" / "asterisk", said)
    (prefix / "lib/asterisk/modules").mkdir(parents=True)
    (prefix / "lib/asterisk/modules/chan_pjsip.so").touch()
    (prefix / "share/asterisk/documentation").mkdir(parents=True)
    return prefix


def _made(
    root: Path, said: str = "Asterisk 16.28.0~dfsg-0+deb11u4", modules: str = MODULES[0]
) -> Path:
    """A folder as the script makes it; its loader is a script, too."""
    _script(root / LOADER, said)
    _script(root / "usr/sbin/asterisk", said)
    (root / modules).mkdir(parents=True)
    (root / modules / "chan_pjsip.so").touch()
    return root


@pytest.fixture(autouse=True)
def nothing_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "sbin"))
    monkeypatch.setenv("NIRC_ASTERISK_ROOT", str(tmp_path / "made"))


@pytest.mark.parametrize(
    ("said", "version"),
    [
        ("Asterisk 16.28.0~dfsg-0+deb11u4", "16.28.0~dfsg-0+deb11u4"),
        ("Asterisk 22.1.0", "22.1.0"),
        ("Asterisk certified/18.9-cert4", "certified/18.9-cert4"),
    ],
)
def test_on_path_it_brings_its_own_folders(tmp_path: Path, said: str, version: str) -> None:
    _installed(tmp_path, said)
    found = find_program()
    assert (found.version, found.command) == (version, (str(tmp_path / "sbin/asterisk"),))
    assert found.modules == tmp_path / "lib/asterisk/modules"
    assert found.data == tmp_path / "share/asterisk"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("Asterisk 13.38.1", "is Asterisk 13.38.1: it takes 16 or newer"),
        ("Segmentation fault", "does not tell its version: Segmentation fault"),
    ],
)
def test_what_cannot_be_used_is_refused(tmp_path: Path, said: str, words: str) -> None:
    _installed(tmp_path, said)
    with pytest.raises(NoAsterisk, match=words):
        find_program()


def test_a_program_without_its_modules_is_refused(tmp_path: Path) -> None:
    _script(tmp_path / "sbin" / "asterisk", "Asterisk 20.0.0")
    with pytest.raises(NoAsterisk, match=r"not its (chan_pjsip\.so|documentation)"):
        find_program()


def test_the_scripts_folder_is_run_by_its_own_loader(tmp_path: Path) -> None:
    root = _made(tmp_path / "made")
    found = find_program()
    assert found.command[0] == str(root / LOADER)
    assert found.command[-1] == str(root / "usr/sbin/asterisk")
    assert found.modules == root / MODULES[0]


def test_the_script_makes_a_folder_for_each_suite(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A newer Debian has the modules elsewhere."""
    monkeypatch.delenv("NIRC_ASTERISK_ROOT")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    root = _made(tmp_path / "nirc/asterisk-sid", "Asterisk 22.10.1+dfsg", MODULES[1])
    with pytest.raises(NoAsterisk, match=r"none in .*/nirc/asterisk-bullseye"):
        find_program()
    monkeypatch.setenv("NIRC_ASTERISK_SUITE", "sid")
    found = find_program()
    assert (found.version, found.modules) == ("22.10.1+dfsg", root / MODULES[1])


def test_a_named_folder_goes_before_path(tmp_path: Path) -> None:
    _installed(tmp_path, "Asterisk 20.0.0")
    assert find_program(_made(tmp_path / "named")).version.startswith("16.28")


def test_a_folder_without_one_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(NoAsterisk, match=r"name a folder that scripts/make_asterisk_root\.sh made"):
        find_program(tmp_path)


def test_where_none_is_it_is_said_what_to_do() -> None:
    with pytest.raises(NoAsterisk, match=r"install Asterisk 16 .*make_asterisk_root\.sh"):
        find_program()


def test_the_folder_is_where_the_script_puts_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert asterisk_program.default_root() == tmp_path / "made"
    monkeypatch.delenv("NIRC_ASTERISK_ROOT")
    monkeypatch.setenv("XDG_CACHE_HOME", "/c")
    assert asterisk_program.default_root() == Path("/c/nirc/asterisk-bullseye")
