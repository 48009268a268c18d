"""What an Asterisk of the demo reads; tests/services/asterisk starts one with it."""

import re
from pathlib import Path

import pytest

from nirc.demo import asterisk_files
from nirc.demo.asterisk_files import MODULES, AsteriskPlace, AsteriskStaff, filled_in, texts, write
from nirc.demo.asterisk_program import AsteriskProgram, NoAsterisk

PLACE = AsteriskPlace(
    sip="127.0.0.1:5060", ami="127.0.0.1:5038", secret="s3cret", phones="127.0.0.1:6000"
)
PROGRAM = AsteriskProgram(
    command=("asterisk",), version="16.28.0", modules=Path("/m"), data=Path("/d")
)
STAFF = AsteriskStaff(
    agents=("carla", "dora"),
    password="pass",
    services={"sales": "+351210000001", "support": "+351210000002"},
)
FOLDER = Path("/run/a")


def test_without_a_staff_the_documented_files_stand_as_they_are() -> None:
    found = texts(FOLDER, PLACE, PROGRAM)
    for name, text in asterisk_files.documented().items():
        assert found[name] == filled_in(text, PLACE.words())
    assert "contact = sip:anna@127.0.0.1:6000" in found["pjsip.conf"]


def test_a_staff_stands_in_the_place_of_the_examples_and_logs_in_with_a_password() -> None:
    found = texts(FOLDER, PLACE, PROGRAM, STAFF)
    assert not re.findall(r"^\[(?:anna|bruno)\]", found["pjsip.conf"], re.MULTILINE)
    for agent in STAFF.agents:
        assert f"[{agent}](agent)\nauth = {agent}\naors = {agent}\n" in found["pjsip.conf"]
        assert f"[{agent}](login)\nusername = {agent}\npassword = pass\n" in found["pjsip.conf"]
        assert f"[{agent}](logged-in)\n" in found["pjsip.conf"]
    assert found["queues.conf"].count("member => PJSIP/carla,0,carla,PJSIP/carla") == 2
    assert found["queues.conf"].count("[sales](nirc-queue)") == 1
    assert all(f"[{one}](!)" in found["pjsip.conf"] for one in ("agent", "login", "logged-in"))


def test_every_service_has_its_number_once_and_any_other_reaches_the_first() -> None:
    found = texts(FOLDER, PLACE, PROGRAM, STAFF)["extensions.conf"]
    for extension, name in (
        ("+351210000001", "sales"),
        ("+351210000002", "support"),
        ("_[+0-9].", "sales"),
    ):
        line = f"exten => {extension},1,Gosub(nirc-service,s,1({name},{name}))"
        assert found.count(line) == 1


def test_it_is_kept_in_its_folder_and_loads_what_it_needs_alone(tmp_path: Path) -> None:
    write(tmp_path, PLACE, PROGRAM, STAFF)
    etc = {path.name: path.read_text() for path in (tmp_path / "etc").iterdir()}
    assert "autoload = no" in etc["modules.conf"]
    assert etc["modules.conf"].count("load = ") == len(MODULES) + 1
    lines = [line.split(" => ") for line in etc["asterisk.conf"].splitlines()[1:]]
    outside = {name for name, path in lines if not path.startswith(str(tmp_path))}
    assert outside == {"astmoddir", "astdatadir"}
    assert (tmp_path / "moh" / "silence.ulaw").stat().st_size > 0
    assert (tmp_path / "etc").stat().st_mode & 0o077 == 0


def test_the_page_names_every_module() -> None:
    page = (asterisk_files.DOCUMENTED.parent / "asterisk.md").read_text()
    assert [name for name in MODULES if f"`{name}`" not in page] == []


def test_a_word_that_nobody_knows_is_an_error() -> None:
    with pytest.raises(KeyError):
        filled_in("port = @PORT@", PLACE.words())


def test_without_the_projects_documents_there_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asterisk_files, "DOCUMENTED", tmp_path)
    with pytest.raises(NoAsterisk, match="run it from a checkout"):
        asterisk_files.documented()
