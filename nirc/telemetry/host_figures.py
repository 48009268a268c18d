"""Reads the figures of this machine that alarm rules look at: disks and certificates.

Rule of this file: it reads files and disks, now and then, and nothing else. What cannot be read
gives no value, and is said in the log once.
"""

import logging
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from cryptography import x509

from nirc.alarms.figure_windows import Sample

log = logging.getLogger(__name__)

DAY_S = 86_400.0
SHORT_LIVED_DAYS = 30.0
"A certificate made for less is renewed by a program: what is left of its life is looked at."
CERTIFICATES_EVERY_S = 600.0


class HostFigures:
    """Disks under `folders`, and certificates in `certificates`, of one node."""

    def __init__(
        self,
        node: str,
        *,
        folders: Iterable[Path],
        certificates: Iterable[Path],
        now_s: Callable[[], float],
        wall_unix_s: Callable[[], float],
    ) -> None:
        self._node = node
        self._folders = tuple(dict.fromkeys(folders))
        self._certificates = tuple(dict.fromkeys(certificates))
        self._now_s = now_s
        self._wall_unix_s = wall_unix_s
        self._lives: dict[Path, tuple[float, float]] = {}
        "Begin and end of each certificate, in seconds since 1970."
        self._read_at_s: float | None = None
        self._told: set[Path] = set()

    def look(self) -> Mapping[str, Mapping[str, Sample]]:
        """Disks and certificates, by place."""
        now_s = self._now_s()
        if self._read_at_s is None or now_s - self._read_at_s >= CERTIFICATES_EVERY_S:
            self._read_at_s = now_s
            self._lives = dict(self._read_lives())
        left_days, left_share = dict[str, Sample](), dict[str, Sample]()
        for path, (begin_unix_s, end_unix_s) in self._lives.items():
            left_s, life_s = end_unix_s - self._wall_unix_s(), end_unix_s - begin_unix_s
            if life_s >= SHORT_LIVED_DAYS * DAY_S:
                left_days[self._place(path)] = Sample(left_s / DAY_S)
            else:
                left_share[self._place(path)] = Sample(left_s / max(life_s, 1.0))
        return {
            "disk_free": dict(self._free()),
            "certificate_left": left_days,
            "certificate_life_left": left_share,
        }

    def _free(self) -> Iterable[tuple[str, Sample]]:
        for folder in self._folders:
            try:
                found = os.statvfs(folder)
            except OSError as error:
                self._tell(folder, error)
                continue
            if found.f_blocks:
                yield self._place(folder), Sample(found.f_bavail / found.f_blocks)

    def _read_lives(self) -> Iterable[tuple[Path, tuple[float, float]]]:
        """A file of several certificates ends with the first of them that does."""
        for path in self._certificates:
            try:
                found = x509.load_pem_x509_certificates(path.read_bytes())
            except (OSError, ValueError) as error:
                self._tell(path, error)
                continue
            first = min(found, key=lambda one: one.not_valid_after_utc)
            begin, end = first.not_valid_before_utc, first.not_valid_after_utc
            yield path, (begin.timestamp(), end.timestamp())

    def _place(self, path: Path) -> str:
        return f"{self._node}:{path}"

    def _tell(self, path: Path, error: Exception) -> None:
        if path not in self._told:
            self._told.add(path)
            log.warning("%s cannot be looked at: %s", path, type(error).__name__)
