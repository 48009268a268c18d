"""Answers digest challenges (RFC 7616, RFC 2617): MD5 and SHA-256, with and without qop=auth.

Rule of this file: pure functions; the client nonce comes from the caller. Challenges are never made
here: whom we serve is decided by address and dialog.
"""

from __future__ import annotations

import re
from hashlib import md5, sha256

from nrcli.sip.message import Response

_PARAM = re.compile(r"([A-Za-z0-9_\-]+)[ \t]*=[ \t]*(\"(?:[^\"\\]|\\.)*\"|[^,\s\"]+)")
# Best first; a challenge with another algorithm is passed over.
_ALGORITHMS = ("SHA-256", "SHA-256-SESS", "MD5", "MD5-SESS")
_HEADERS = {
    401: ("www-authenticate", "Authorization"),
    407: ("proxy-authenticate", "Proxy-Authorization"),
}


def parse_challenge(value: str) -> dict[str, str]:
    """Parameters of one Digest challenge, names in lower case; empty if it is none."""
    scheme, _, rest = value.strip().partition(" ")
    if scheme.lower() != "digest":
        return {}
    return {name.lower(): _unquote(text) for name, text in _PARAM.findall(rest)}


def authorization_line(
    response: Response, method: str, uri: str, credentials: tuple[str, str], cnonce: str
) -> str:
    """The header line that answers a 401 or 407, "" if none of its challenges can be answered."""
    if response.status not in _HEADERS:
        return ""
    asked_in, answer_in = _HEADERS[response.status]
    challenges = [parse_challenge(value) for value in response.headers.get_all(asked_in)]
    usable = [c for c in challenges if _algorithm(c) in _ALGORITHMS and _qop(c) is not None]
    if not usable:
        return ""
    best = min(usable, key=lambda c: _ALGORITHMS.index(_algorithm(c)))
    return f"{answer_in}: {authorization(best, method, uri, credentials, cnonce)}\r\n"


def authorization(
    challenge: dict[str, str], method: str, uri: str, credentials: tuple[str, str], cnonce: str
) -> str:
    """The value of Authorization for one challenge. Source: RFC 7616 3.4."""
    user, password = credentials
    realm, nonce = challenge.get("realm", ""), challenge.get("nonce", "")
    algorithm = _algorithm(challenge)
    qop = _qop(challenge)
    ha1 = _hash(algorithm, f"{user}:{realm}:{password}")
    if algorithm.endswith("-SESS"):
        ha1 = _hash(algorithm, f"{ha1}:{nonce}:{cnonce}")
    ha2 = _hash(algorithm, f"{method}:{uri}")
    middle = f"{nonce}:00000001:{cnonce}:{qop}" if qop else nonce
    parts = [
        f'username="{_escape(user)}"',
        f'realm="{_escape(realm)}"',
        f'nonce="{_escape(nonce)}"',
        f'uri="{uri}"',
        f'response="{_hash(algorithm, f"{ha1}:{middle}:{ha2}")}"',
    ]
    if "algorithm" in challenge:
        parts.append(f"algorithm={challenge['algorithm']}")
    if qop:
        parts.append(f'qop={qop}, nc=00000001, cnonce="{cnonce}"')
    elif algorithm.endswith("-SESS"):
        parts.append(f'cnonce="{cnonce}"')
    if "opaque" in challenge:
        parts.append(f'opaque="{_escape(challenge["opaque"])}"')
    return "Digest " + ", ".join(parts)


def _algorithm(challenge: dict[str, str]) -> str:
    return challenge.get("algorithm", "MD5").upper() if "nonce" in challenge else ""


def _qop(challenge: dict[str, str]) -> str | None:
    """`auth`, "" where the challenge names none, None where it offers nothing that we do."""
    if "qop" not in challenge:
        return ""
    offered = {word.strip().lower() for word in challenge["qop"].split(",")}
    return "auth" if "auth" in offered else None


def _hash(algorithm: str, text: str) -> str:
    data = text.encode("utf-8", "surrogateescape")
    if algorithm.startswith("SHA-256"):
        return sha256(data).hexdigest()
    return md5(data, usedforsecurity=False).hexdigest()


def _unquote(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1]) if text.startswith('"') else text


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
