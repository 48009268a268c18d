"""Reads and writes SIP addresses: URIs and the name-addr form of From, To, Contact, Refer-To.

Rule of this file: text in, frozen values out; a text that is no address raises `MessageError(400)`.
User parts, passwords, parameters and URI headers are kept unescaped and escaped again by `str()`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from nrcli.sip.errors import MessageError

Pairs = tuple[tuple[str, str], ...]
REMEMBERED_MAX = 2_000
"Addresses read lately: the numbers of a site, its carriers' hosts and its targets come again."
REMEMBERED_CHARS_MAX = 128
"Longer ones are read anew each time, so that nobody fills the memory with them."

_UNRESERVED = "A-Za-z0-9\\-_.!~*'()%"
_PERCENT = "|%(?![89A-Fa-f][0-9A-Fa-f])"  # an escaped byte that is no UTF-8 stayed as it was
_ESCAPE_USER = re.compile(f"[^{_UNRESERVED}&=+$,;?/]{_PERCENT}")
_ESCAPE_PARAM = re.compile(f"[^{_UNRESERVED}\\[\\]/:&+$]{_PERCENT}")
_ESCAPE_HEADER = re.compile(f"[^{_UNRESERVED}\\[\\]/?:+$]{_PERCENT}")
_ESCAPED = re.compile("(?:%[0-9A-Fa-f]{2})+")
_BAD_ESCAPE = re.compile("%(?![0-9A-Fa-f]{2})")
_BAD_TEXT = re.compile(r'[\x00-\x20\x7f<>"]')
_HOST = re.compile(r"(?:[A-Za-z0-9_](?:[A-Za-z0-9_.\-]*[A-Za-z0-9_.])?|\[[0-9A-Fa-f:.]+\])\Z")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*\Z")
_TOKEN_WORDS = re.compile(r"[A-Za-z0-9\-.!%*_+`'~ \t]*\Z")


@dataclass(frozen=True, slots=True)
class SipUri:
    """An address: `sip:user:password@host:port;params?headers`, or `tel:number;params`.

    `host` keeps the brackets of an IPv6 address; `port` is None where none was written. Parameters
    without a value have the value "". Other schemes keep their text in `user` and have no host.
    """

    scheme: str
    user: str
    host: str
    port: int | None = None
    params: Pairs = ()
    headers: Pairs = ()
    password: str = field(default="", kw_only=True)

    @staticmethod
    def parse(text: str) -> SipUri:
        """Read one URI without angle brackets.

        Raises: MessageError(400). Source: RFC 3261 19.1.1, RFC 3966.
        """
        return _parse(text) if len(text) > REMEMBERED_CHARS_MAX else _parse_known(text)

    def param(self, name: str) -> str | None:
        """The value of a parameter, "" if it has none, None if it is absent."""
        return _find(self.params, name)

    def header(self, name: str) -> str | None:
        """The value of a URI header (behind `?`), unescaped; None if absent."""
        return _find(self.headers, name)

    @property
    def hostport(self) -> str:
        """`host` or `host:port`, as written."""
        return self.host if self.port is None else f"{self.host}:{self.port}"

    def bare(self) -> SipUri:
        """The same address without URI headers and method, fit for a Request-URI."""
        params = tuple(pair for pair in self.params if pair[0].lower() != "method")
        return SipUri(self.scheme, self.user, self.host, self.port, params, password=self.password)

    def __str__(self) -> str:
        params = _joined(self.params, ";", _ESCAPE_PARAM)
        params = f";{params}" if params else ""
        if not self.host:
            return f"{self.scheme}:{self.user}{params}"
        user = _escape(self.user, _ESCAPE_USER)
        if self.password:
            user += ":" + _escape(self.password, _ESCAPE_USER)
        at = f"{user}@" if self.user else ""
        headers = _joined(self.headers, "&", _ESCAPE_HEADER, always_equals=True)
        headers = f"?{headers}" if headers else ""
        return f"{self.scheme}:{at}{self.hostport}{params}{headers}"


@dataclass(frozen=True, slots=True)
class NameAddr:
    """`"Display" <uri>;params` or `uri;params`, as in From, To, Contact, Route and Refer-To."""

    display: str
    uri: SipUri
    params: Pairs = ()

    @staticmethod
    def parse(text: str) -> NameAddr:
        """Read exactly one address.

        Raises: MessageError(400). Source: RFC 3261 20.10, 25.1.
        """
        display, uri_text, params_text = split_name_addr(text)
        params = _pairs(split_outside_quotes(params_text, ";"), unescaped=False)
        return NameAddr(display, SipUri.parse(uri_text), params)

    @staticmethod
    def parse_list(text: str) -> list[NameAddr]:
        """Read a comma-separated list of addresses; empty members are skipped."""
        return [NameAddr.parse(part) for part in split_commas(text)]

    def param(self, name: str) -> str | None:
        """The value of a header parameter, unquoted; None if absent."""
        return _find(self.params, name)

    @property
    def tag(self) -> str:
        """The tag parameter, "" if there is none."""
        return _find(self.params, "tag") or ""

    def __str__(self) -> str:
        display = ""
        if self.display:
            quoted = self.display.replace("\\", "\\\\").replace('"', '\\"')
            display = f'"{quoted}" '
        params = "".join(f";{name}={_quoted(v)}" if v else f";{name}" for name, v in self.params)
        return f"{display}<{self.uri}>{params}"


def split_name_addr(text: str) -> tuple[str, str, str]:
    """Cut an address into display name (unquoted), URI text and parameters text.

    Raises: MessageError(400).
    """
    text = text.strip()
    display = ""
    if text.startswith('"'):
        end = _end_of_quotes(text)
        display, text = _unquote(text[:end]), text[end:].lstrip()
        if not text.startswith("<"):
            raise MessageError(400, "Malformed address")
    start = text.find("<")
    if start < 0:
        uri_text, _, params = text.partition(";")
        if "?" in uri_text or "," in uri_text:
            raise MessageError(400, "Address needs angle brackets")
        return "", uri_text, params
    end = text.find(">", start)
    if end < 0 or not _TOKEN_WORDS.match(text[:start]):
        raise MessageError(400, "Malformed address")
    display = display or text[:start].strip()
    rest = text[end + 1 :].strip()
    if rest and not rest.startswith(";"):
        raise MessageError(400, "Malformed address")
    return display, text[start + 1 : end], rest[1:]


def split_commas(text: str) -> list[str]:
    """Members of a comma-separated header value; commas in quotes and brackets do not count."""
    if "," not in text:
        stripped = text.strip()
        return [stripped] if stripped else []
    return split_outside_quotes(text, ",")


def split_outside_quotes(text: str, separator: str) -> list[str]:
    """Split at a separator outside quotes and angle brackets; empty parts are dropped."""
    if '"' not in text and "<" not in text:
        return [part for part in map(str.strip, text.split(separator)) if part]
    parts, start, position, in_brackets = [], 0, 0, False
    while position < len(text):
        char = text[position]
        if char == '"' and not in_brackets:
            position = _end_of_quotes(text, position)
            continue
        if char == "<":
            in_brackets = True
        elif char == ">":
            in_brackets = False
        elif char == separator and not in_brackets:
            parts.append(text[start:position])
            start = position + 1
        position += 1
    parts.append(text[start:])
    return [part for part in map(str.strip, parts) if part]


def unescape(text: str) -> str:
    """Undo %XX escapes; bytes that are no UTF-8 stay escaped."""
    return _ESCAPED.sub(_unescape_run, text) if "%" in text else text


def escape_user(text: str) -> str:
    """Escape what stands before the `@` of a SIP URI."""
    return _escape(text, _ESCAPE_USER)


def escape_uri_header(text: str) -> str:
    """Escape a value for the header part of a URI (`Refer-To: <sip:x@y?Replaces=...>`)."""
    return _escape(text, _ESCAPE_HEADER)


def _parse(text: str) -> SipUri:
    scheme, colon, rest = text.strip().partition(":")
    lowered = scheme.lower()
    if not colon or not rest or _BAD_TEXT.search(rest) or not _SCHEME.match(scheme):
        raise MessageError(400, "Malformed URI")
    if lowered in {"sip", "sips"}:
        return _parse_sip(lowered, rest)
    number, *params = rest.split(";") if lowered == "tel" else [rest]
    return SipUri(lowered, number, "", None, _pairs(params))


_parse_known = lru_cache(REMEMBERED_MAX)(_parse)


def _parse_sip(scheme: str, rest: str) -> SipUri:
    if "%" in rest and _BAD_ESCAPE.search(rest):
        raise MessageError(400, "Malformed escape in URI")
    before, at, after = rest.rpartition("@") if "?" not in rest else _cut_at(rest)
    user, _, password = before.partition(":")
    if at and not user:
        raise MessageError(400, "Malformed URI")
    place, _, headers_text = after.partition("?")
    hostport, *params = place.split(";")
    host, port = split_hostport(hostport)
    headers = _pairs(headers_text.split("&")) if headers_text else ()
    return SipUri(
        scheme,
        unescape(user),
        host,
        port,
        _pairs(params) if params else (),
        headers,
        password=unescape(password),
    )


def _cut_at(rest: str) -> tuple[str, str, str]:
    """The `@` that ends the user part: one behind the `?` of URI headers does not count."""
    head, mark, tail = rest.rpartition("?")
    if "@" in tail and "@" not in head:
        return rest.rpartition("@")
    before, at, after = head.rpartition("@")
    return before, at, f"{after}{mark}{tail}"


def split_hostport(text: str) -> tuple[str, int | None]:
    """`host`, `host:port` or `[v6]:port`.

    Raises: MessageError(400) for an empty host or a port that is none.
    """
    host, colon, port_text = text.rpartition(":")
    if not colon or text.endswith("]"):
        host, port_text = text, ""
        colon = ""
    if not _HOST.match(host):
        raise MessageError(400, "Malformed host")
    if not colon:
        return host, None
    if not (port_text.isascii() and port_text.isdigit() and len(port_text) <= 5):
        raise MessageError(400, "Malformed port")
    port = int(port_text)
    if not 0 < port < 65_536:
        raise MessageError(400, "Malformed port")
    return host, port


def _pairs(parts: list[str], *, unescaped: bool = True) -> Pairs:
    found = []
    for part in parts:
        name, _, value = part.partition("=")
        name, value = name.strip(), value.strip()
        if not name:
            continue
        if value.startswith('"'):
            value = _unquote(value)
        elif unescaped and "%" in part:
            name, value = unescape(name), unescape(value)
        found.append((name, value))
    return tuple(found)


def _unescape_run(match: re.Match[str]) -> str:
    raw = bytes.fromhex(match[0].replace("%", ""))
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return match[0]


def _escape(text: str, pattern: re.Pattern[str]) -> str:
    if pattern.search(text) is None:
        return text
    return pattern.sub(_escape_char, text)


def _escape_char(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "surrogateescape"))


def _joined(
    pairs: Pairs, separator: str, pattern: re.Pattern[str], *, always_equals: bool = False
) -> str:
    return separator.join(
        f"{_escape(name, pattern)}={_escape(value, pattern)}"
        if value or always_equals
        else _escape(name, pattern)
        for name, value in pairs
    )


def _find(pairs: Pairs, name: str) -> str | None:
    for key, value in pairs:
        if key == name or key.lower() == name:
            return value
    lowered = name.lower()
    if lowered != name:
        return _find(pairs, lowered)
    return None


def _end_of_quotes(text: str, start: int = 0) -> int:
    """Where the quoted string that begins at `start` ends; MessageError(400) if it does not."""
    position = start + 1
    while position < len(text):
        char = text[position]
        if char == "\\":
            position += 1
        elif char == '"':
            return position + 1
        position += 1
    raise MessageError(400, "Unterminated quoted string")


def _unquote(text: str) -> str:
    inner = text[1:-1] if len(text) >= 2 and text.endswith('"') else text[1:]
    return re.sub(r"\\(.)", r"\1", inner, flags=re.DOTALL) if "\\" in inner else inner


def _quoted(value: str) -> str:
    if re.fullmatch(r"[A-Za-z0-9\-.!%*_+`'~\[\]:]+", value):
        return value
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
