"""The address that an agent's screen opens for a caller, made from a template of the settings.

Rule of this file: http or https only; what comes from a caller is percent-encoded and never stands
before the path, so that it can choose neither the host nor another part of the address.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Annotated
from urllib.parse import quote, urlsplit

from pydantic import AfterValidator

NAMES = ("agent", "ani", "call_id", "interaction_id", "queue")
DATA = "data."
VALUE_LETTERS_MAX = 256
URL_LETTERS_MAX = 2000
_HOLE = re.compile(r"\{([^{}]*)\}")


def checked_template(text: str) -> str:
    """`text` as it is, if it is a good template. Raises ValueError.

    >>> checked_template("https://crm.example/open?from={ani}&customer={data.customer}")
    'https://crm.example/open?from={ani}&customer={data.customer}'
    """
    parts = urlsplit(_HOLE.sub("x", text))
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f'expected "https://host/...", got "{text[:100]}"')
    host_ends = text.index("://") + 3 + len(parts.netloc)
    if text[:host_ends] != f"{parts.scheme}://{parts.netloc}":
        raise ValueError("names in braces may stand only after the host, in path and query")
    for name in _HOLE.findall(text):
        if name not in NAMES and not (name.startswith(DATA) and len(name) > len(DATA)):
            known = ", ".join(NAMES)
            raise ValueError(f"{{{name}}} is not known; write one of {known}, or data.KEY")
    if re.search(r"[{}\s]", _HOLE.sub("", text)):
        raise ValueError("a brace is left open, or there is a space: write {ani}, and %20")
    return text


ScreenPopUrl = Annotated[str, AfterValidator(checked_template)]


def screen_pop_url(template: str, values: Mapping[str, str], data: bytes) -> str:
    """The address for one call; what is not known is empty, and so is an address too long.

    >>> screen_pop_url("http://crm/{ani}?c={data.id}", {"ani": "+351 2"}, b'{"id":"a/b"}')
    'http://crm/%2B351%202?c=a%2Fb'
    """
    if not template:
        return ""
    found = _read(data)

    def value(hole: re.Match[str]) -> str:
        name = hole[1]
        said = _inner(found, name[len(DATA) :]) if name.startswith(DATA) else values.get(name, "")
        return quote(said[:VALUE_LETTERS_MAX], safe="")

    url = _HOLE.sub(value, template)
    return url if len(url) <= URL_LETTERS_MAX else ""


def _read(data: bytes) -> object:
    try:
        return json.loads(data) if data else {}
    except ValueError:
        return {}


def _inner(data: object, keys: str) -> str:
    """The plain value under `a.b`; empty if there is none, or if it is a list or an object."""
    if isinstance(data, dict) and keys in data:
        value = data[keys]
        if isinstance(value, bool):
            return "true" if value else "false"
        return str(value) if isinstance(value, str | int | float) else ""
    first, _, rest = keys.partition(".")
    return _inner(data.get(first), rest) if rest and isinstance(data, dict) else ""
