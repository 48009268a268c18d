"""What `nirc demo` may be told, checked once.

Rule of this file: a bad value is refused with one clear line, before anything is started.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nirc.demo.asterisk_files import documented
from nirc.demo.asterisk_program import AsteriskProgram, NoAsterisk, find_program
from nirc.demo.layout import SiteKind

CALLS_DEFAULT = 200
CALLS_MAX = 20_000
DURATION_S_MAX = 86_400.0


class BadOption(Exception):
    """An option cannot be used; the text says which and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenPolicy:
    """One policy of the command line."""

    name: str
    text: str
    service: str = ""
    "Empty: it decides for every service that has none of its own."
    file: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """A run of the demo."""

    calls: int | None = None
    "Generated calls; None: as many as the duration asks for, else CALLS_DEFAULT."
    seed: int = 1
    duration_s: float | None = None
    "Length of the arrivals in seconds; None: as the calls need."
    ui: bool = True
    hold: bool = False
    "No generated callers: the network alone, until Ctrl-C (or the end of the duration)."
    stay: bool = False
    "When the calls have ended the network stays until Ctrl-C, to be looked at."
    report: Path | None = None
    keep: Path | None = None
    "Folder to run in and to leave behind; None: a temporary one that is removed."
    policies: tuple[GivenPolicy, ...] = ()
    "Policies to try instead of the demo's own."
    site_kinds: tuple[SiteKind, ...] = ()
    "What serves the calls of the first sites, in order; the built-in ACD where none is named."
    asterisk: AsteriskProgram | None = None
    "Set where a site is an Asterisk."

    def check(self) -> None:
        """Raise `BadOption` for the first value that cannot be used."""
        if self.calls is not None and not 0 <= self.calls <= CALLS_MAX:
            raise BadOption(f"--calls {self.calls}: expected a number from 0 to {CALLS_MAX}")
        if self.duration_s is not None and not 0 < self.duration_s <= DURATION_S_MAX:
            raise BadOption(
                f"--duration {self.duration_s:g}: expected seconds above 0, a day at most"
            )
        if self.hold and self.calls:
            raise BadOption("--hold places no calls: leave out --calls")
        if self.hold and self.stay:
            raise BadOption("--hold stays anyway: leave out --stay")
        if self.report is not None and not self.report.absolute().parent.is_dir():
            raise BadOption(f"--report {self.report}: the folder does not exist")
        if self.report is not None and self.report.is_dir():
            raise BadOption(f"--report {self.report}: is a folder, name a file")
        if self.keep is not None and self.keep.exists() and not _is_empty_folder(self.keep):
            raise BadOption(f"--keep {self.keep}: name a new or empty folder")
        for option, path in (("--report", self.report), ("--keep", self.keep)):
            if path is not None and not _may_write(path.absolute()):
                raise BadOption(
                    f"{option} {path}: nothing may be written there, name another place"
                )


def site_kinds(site_a: str, site_b: str) -> tuple[SiteKind, ...]:
    """What `--site-a` and `--site-b` say. Raises BadOption."""
    return tuple(_site_kind(*one) for one in (("--site-a", site_a), ("--site-b", site_b)))


def _site_kind(option: str, word: str) -> SiteKind:
    if word == "freeswitch":
        raise BadOption(
            f"{option} freeswitch: the demo starts no FreeSWITCH, for no real one was tried with"
            " the adapter yet; docs/adapters/freeswitch.md says how one becomes a site"
        )
    try:
        return SiteKind(word)
    except ValueError:
        known = ", ".join(kind.value for kind in SiteKind)
        raise BadOption(f"{option} {word}: expected one of {known}") from None


def asterisk_for(kinds: Sequence[SiteKind], root: Path | None) -> AsteriskProgram | None:
    """The program that sites of this kind need, looked for before anything is started. Raises
    BadOption."""
    if SiteKind.ASTERISK not in kinds:
        if root is not None:
            raise BadOption(f"--asterisk-root {root}: no site is one, add --site-a asterisk")
        return None
    option = f"--site-{'ab'[list(kinds).index(SiteKind.ASTERISK)]}"
    try:
        documented()
        return find_program(root)
    except NoAsterisk as error:
        raise BadOption(f"{option} asterisk: {error}") from error


def _may_write(path: Path) -> bool:
    """Whether `path`, or what is there of the way to it, may be written."""
    while not path.exists():
        path = path.parent
    return os.access(path, os.W_OK)


def _is_empty_folder(path: Path) -> bool:
    return path.is_dir() and not any(path.iterdir())
