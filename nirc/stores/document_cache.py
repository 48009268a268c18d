"""Keeps the last good set of documents on disk, so that a node knows its network without etcd.

Rule of this file: a cache that cannot be read or written is said in the log and otherwise ignored.
"""

import json
import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

log = logging.getLogger(__name__)

Texts = Mapping[str, tuple[str, int]]
"`kind/name` to (text, revision of its last change)."


@dataclass(frozen=True, slots=True, kw_only=True)
class CachedTexts:
    """A set as it was at one revision."""

    revision: int
    texts: Texts
    states: Mapping[str, str] = field(default_factory=dict)
    "States of policies, as they are stored, by the policy's name."


class DocumentCache:
    """One file; written whole and renamed into place."""

    def __init__(self, path: Path | None) -> None:
        self._path = path

    def read(self) -> CachedTexts | None:
        """The last set kept, if there is one that can be read."""
        if self._path is None or not self._path.exists():
            return None
        try:
            kept = json.loads(self._path.read_text(encoding="utf-8"))
            texts = {str(k): (str(text), int(rev)) for k, (text, rev) in kept["texts"].items()}
            states = {str(name): str(text) for name, text in kept.get("states", {}).items()}
            return CachedTexts(revision=int(kept["revision"]), texts=texts, states=states)
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            log.warning("the cache of documents %s is of no use: %s", self._path, error)
            return None

    def write(
        self, revision: int, texts: Texts, states: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        """Keep a set."""
        if self._path is None:
            return
        new = self._path.with_suffix(".new")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                kept = {"revision": revision, "texts": dict(texts), "states": dict(states)}
                json.dump(kept, file)
            new.replace(self._path)
        except OSError as error:
            log.warning("the cache of documents %s cannot be written: %s", self._path, error)
