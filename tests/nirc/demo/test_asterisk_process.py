"""Starting and asking, against a program that only prints; a real one runs in tests/services."""

import threading
from collections.abc import Iterator
from pathlib import Path
from socket import create_server

import pytest

from nirc.demo import asterisk_process
from nirc.demo.asterisk_files import AsteriskPlace
from nirc.demo.asterisk_process import Asterisk
from nirc.demo.asterisk_program import AsteriskProgram
from nirc.demo.network_status import NotReady
from nirc.demo.ports import PortTaker
from nirc.demo.processes import Processes, ProcessFailed

SCRIPT = """#!/bin/sh
case "$*" in
*waitfullybooted) echo "Asterisk has fully booted." ;;
*"queue show") echo "anna (PJSIP/anna) (Not in use)"; echo "bruno (PJSIP/bruno) (Unavailable)" ;;
*-rx*) echo "$*" ;;
*) LAST ;;
esac
"""


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[Processes]:
    found = Processes(tmp_path / "logs")
    yield found
    found.stop_all()


def _asterisk(
    folder: Path, processes: Processes, ami: str, last: str = "exec sleep 60"
) -> Asterisk:
    script = folder / "asterisk.sh"
    script.write_text(SCRIPT.replace("LAST", last))
    script.chmod(0o755)
    program = AsteriskProgram(command=(str(script),), version="16", modules=folder, data=folder)
    place = AsteriskPlace(sip="127.0.0.1:5060", ami=ami, secret="s", phones="127.0.0.1:6000")
    return Asterisk("lisbon-asterisk", folder / "asterisk", place, processes, program)


def _greet(port: int) -> None:
    with create_server(("127.0.0.1", port)) as listening:
        listening.settimeout(5.0)
        link, _ = listening.accept()
        with link:
            link.sendall(b"Asterisk Call Manager/5.0.4\r\n")


def test_it_is_up_when_its_manager_greets_and_its_modules_are_loaded(
    tmp_path: Path, processes: Processes
) -> None:
    port = PortTaker()()
    asterisk = _asterisk(tmp_path, processes, f"127.0.0.1:{port}")
    assert not asterisk.answers()
    greeting = threading.Thread(target=_greet, args=(port,))
    greeting.start()
    asterisk.start()
    greeting.join()
    assert processes.is_running("lisbon-asterisk")
    settings = tmp_path / "asterisk" / "etc" / "asterisk.conf"
    assert settings.exists()
    assert asterisk.say("core show uptime") == f"-C {settings} -rx core show uptime\n"
    assert asterisk.as_typed("-r").endswith(f"asterisk.sh -C {settings} -r")


def test_one_that_ends_at_its_start_is_told_with_what_it_wrote(
    tmp_path: Path, processes: Processes
) -> None:
    asterisk = _asterisk(tmp_path, processes, f"127.0.0.1:{PortTaker()()}", "echo bad; exit 1")
    with pytest.raises(ProcessFailed, match="bad"):
        asterisk.start()


def test_phones_that_do_not_come_are_named(
    tmp_path: Path, processes: Processes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asterisk_process, "START_S_MAX", 0.05)
    monkeypatch.setattr(asterisk_process, "SETTLE_S", 0.0)
    asterisk = _asterisk(tmp_path, processes, "127.0.0.1:1")
    asterisk.wait_phones(["anna"])
    with pytest.raises(NotReady, match="did not come: bruno"):
        asterisk.wait_phones(["anna", "bruno"])


def test_a_folder_too_deep_for_a_socket_is_refused(tmp_path: Path, processes: Processes) -> None:
    deep = tmp_path / ("d" * 100)
    deep.mkdir()
    with pytest.raises(NotReady, match="too long for a socket"):
        _asterisk(deep, processes, "127.0.0.1:1").start()
