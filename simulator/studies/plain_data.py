"""Text of YAML as plain data that can be changed, and back.

Rule of this file: it is read as documents are (`routing_policies.yaml_reader`), so that what a
scenario says means the same after a change: 12:30 stays a time of day, and `no` a word.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

from routing_policies.yaml_reader import read_yaml

_POWER_OF_TEN = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,18})?[eE][-+]?[0-9]{1,2}\Z")


def plain(text: str, source: str) -> Any:
    """The document's data: dicts, lists, and what stands in them. Raises DocumentError."""
    return _open(read_yaml(text, source=source).value)


def plain_value(text: str, source: str) -> Any:
    """A value from a command line, where 1e6 is a number. Raises DocumentError."""
    if _POWER_OF_TEN.match(text):
        return float(text)
    return plain(text, source) if text else ""


def written(data: Any) -> str:
    """Plain data as the text of a document."""
    return str(yaml.dump(data, Dumper=_Plain, sort_keys=False, allow_unicode=True))


class _Plain(yaml.SafeDumper):
    """Writes everything out; documents may have no anchors."""

    def ignore_aliases(self, data: object) -> bool:
        """Always."""
        return True


def _open(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _open(value) for key, value in data.items()}
    if isinstance(data, tuple):
        return [_open(value) for value in data]
    return data
