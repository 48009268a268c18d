"""Finds the Asterisk that the demo starts: on PATH, or in the folder of make_asterisk_root.sh.

Rule of this file: it looks and starts nothing but `asterisk -V`; what is missing or too old is
named with its remedy. An Asterisk in a folder is run by that folder's own loader and libraries: no
chroot, no mount and no root, whoever may read the folder may run it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

VERSION_MIN = 16
TESTED = "16.28"
SCRIPT = "scripts/make_asterisk_root.sh"
LOADER = "usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2"
LIBRARIES = ("usr/lib/x86_64-linux-gnu", "lib/x86_64-linux-gnu", "usr/lib")
MODULES = ("usr/lib/asterisk/modules", "usr/lib/x86_64-linux-gnu/asterisk/modules")
"As Debian 11 has them, and as later ones do."
VERSION_S_MAX = 10.0
_VERSION = re.compile(r"Asterisk (?:certified/)?(\d+)\.")
_DIRECTORY = re.compile(r"^\s*(ast\w+dir)\s*=>?\s*(\S+)", re.MULTILINE)
_MODULE = "chan_pjsip.so"
_DOCUMENTATION = "documentation"


class NoAsterisk(Exception):
    """None is here, or none that can be used; the text says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AsteriskProgram:
    """How it is run, and where its own files are."""

    command: tuple[str, ...]
    version: str
    modules: Path
    data: Path
    "`astdatadir`: without its documentation modules do not load."
    environment: Mapping[str, str] = field(default_factory=dict)


def find_program(root: Path | None = None) -> AsteriskProgram:
    """The one in `root`, else on PATH, else in the script's own folder. Raises NoAsterisk."""
    if root is not None:
        return _checked(_in_folder(root))
    on_path = shutil.which("asterisk")
    if on_path:
        return _checked(_on_path(Path(on_path)))
    made = default_root()
    if (made / "usr/sbin/asterisk").is_file():
        return _checked(_in_folder(made))
    raise NoAsterisk(
        f"no asterisk on PATH, and none in {made}: install Asterisk {VERSION_MIN} or newer, or let"
        f" `sh {SCRIPT}` make that folder (as root, once), or name one with --asterisk-root"
    )


def default_root() -> Path:
    """Where the script puts its folder."""
    named = os.environ.get("NIRC_ASTERISK_ROOT")
    cache = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    suite = os.environ.get("NIRC_ASTERISK_SUITE") or "bullseye"
    return Path(named) if named else Path(cache) / "nirc" / f"asterisk-{suite}"


def _in_folder(root: Path) -> AsteriskProgram:
    root = root.absolute()
    try:
        there = [root / LOADER, root / "usr/sbin/asterisk"]
        missing = [path for path in there if not path.is_file()]
    except PermissionError as error:
        raise NoAsterisk(f"{root} may not be read by this user") from error
    if missing:
        raise NoAsterisk(
            f"{root} has no {missing[0].relative_to(root)}: name a folder that {SCRIPT} made"
        )
    libraries = ":".join(str(root / one) for one in LIBRARIES)
    return AsteriskProgram(
        command=(str(there[0]), "--library-path", libraries, str(there[1])),
        version="",
        modules=_folder_with(_MODULE, iter(root / one for one in MODULES)),
        data=root / "usr/share/asterisk",
        environment={"OPENSSL_CONF": str(root / "etc/ssl/openssl.cnf")},
    )


def _on_path(program: Path) -> AsteriskProgram:
    return AsteriskProgram(
        command=(str(program),),
        version="",
        modules=_folder_with(_MODULE, _folders(program, "astmoddir", "asterisk/modules")),
        data=_folder_with(_DOCUMENTATION, _folders(program, "astdatadir", "asterisk")),
    )


def _folders(program: Path, setting: str, name: str) -> Iterator[Path]:
    """As its own asterisk.conf says, else where distributions put them."""
    try:
        own = Path("/etc/asterisk/asterisk.conf").read_text(errors="replace")
    except OSError:
        own = ""
    yield from (Path(path) for key, path in _DIRECTORY.findall(own) if key == setting)
    prefix = program.parent.parent
    for tree in (prefix, prefix.resolve(), Path("/usr"), Path("/usr/local"), Path("/var")):
        for lib in ("lib", "lib64", "share", *(f"lib/{one.name}" for one in _triplets(tree))):
            yield tree / lib / name


def _triplets(tree: Path) -> list[Path]:
    return sorted((tree / "lib").glob("*-linux-gnu"))


def _folder_with(name: str, folders: Iterator[Path]) -> Path:
    for folder in folders:
        if (folder / name).exists():
            return folder
    raise NoAsterisk(
        f"the asterisk is there, but not its {name}: install the whole of it, or name another with"
        f" --asterisk-root"
    )


def _checked(program: AsteriskProgram) -> AsteriskProgram:
    """With its version. Raises NoAsterisk for one that does not run, or is too old."""
    try:
        said = subprocess.run(
            [*program.command, "-V"],
            capture_output=True,
            text=True,
            timeout=VERSION_S_MAX,
            check=False,
            env={**os.environ, **program.environment},
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NoAsterisk(f"{program.command[-1]} does not run: {error}") from error
    found = _VERSION.match(said.stdout)
    if found is None:
        words = (said.stderr or said.stdout).strip()[-200:]
        raise NoAsterisk(f"{program.command[-1]} -V does not tell its version: {words}")
    version = said.stdout.split()[1]
    if int(found.group(1)) < VERSION_MIN:
        raise NoAsterisk(
            f"{program.command[-1]} is Asterisk {version}: it takes {VERSION_MIN} or newer"
        )
    return AsteriskProgram(
        command=program.command,
        version=version,
        modules=program.modules,
        data=program.data,
        environment=program.environment,
    )
