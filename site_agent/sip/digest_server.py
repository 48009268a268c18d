"""Asks for digest credentials and checks them (RFC 7616, with MD5 of RFC 2617 for old phones).

Rule of this file: pure; secret and time come from outside. A nonce says when it was made and is
signed, so that none need be remembered before it was used; each count of a nonce is good once. A
right answer to an old or repeated one gets `stale`, and phones ask no person again.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from hashlib import md5, sha256

from site_agent.sip.digest import parse_challenge

ALGORITHMS = ("SHA-256", "MD5")
NONCES_MAX = 10_000
"Used nonces remembered; beyond, the oldest is no good any more."


class Verdict(Enum):
    """What credentials are worth."""

    RIGHT = auto()
    MISSING = auto()  # none that we asked for
    STALE = auto()  # right, but the nonce is old or its count was used before
    WRONG = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestSettings:
    """How phones are asked for their passwords."""

    realm: str = "nirc"
    algorithms: tuple[str, ...] = ALGORITHMS
    "The first is preferred; a phone answers the first that it knows (RFC 7616 3.7)."
    nonce_s: float = 300.0
    "How long a nonce is good."


class DigestServer:
    """Challenges of one process."""

    __slots__ = ("_number", "_secret", "_settings", "_used")

    def __init__(self, settings: DigestSettings, secret: str) -> None:
        self._settings = settings
        self._secret = secret.encode()
        self._number = 0
        self._used: dict[str, int] = {}
        "Nonce to the highest count that was used."

    def challenges(self, now_s: float, *, stale: bool = False) -> list[str]:
        """Values of WWW-Authenticate, one for each algorithm, the best first."""
        self._number += 1
        made = f"{int(now_s * 1000):x}-{self._number:x}"
        nonce = f"{made}-{self._signature(made)}"
        again = ", stale=true" if stale else ""
        return [
            f'Digest realm="{self._settings.realm}", nonce="{nonce}", algorithm={algorithm},'
            f' qop="auth"{again}'
            for algorithm in self._settings.algorithms
        ]

    def check(
        self, values: Sequence[str], user: str, password: str, method: str, now_s: float
    ) -> Verdict:
        """Look at the values of Authorization of a request."""
        for value in values:
            told = parse_challenge(value)
            if told.get("realm") == self._settings.realm and "response" in told:
                return self._look(told, user, password, method, now_s)
        return Verdict.MISSING

    def _look(
        self, told: dict[str, str], user: str, password: str, method: str, now_s: float
    ) -> Verdict:
        algorithm = told.get("algorithm", "MD5").upper()
        nonce = told.get("nonce", "")
        if algorithm not in self._settings.algorithms or not self._is_ours(nonce):
            return Verdict.MISSING
        if told.get("username", "").casefold() != user.casefold():
            return Verdict.WRONG
        if not hmac.compare_digest(
            _response(algorithm, told, password, method).encode(),
            told["response"].lower().encode("utf-8", "replace"),
        ):
            return Verdict.WRONG
        return Verdict.RIGHT if self._use(nonce, told, now_s) else Verdict.STALE

    def _use(self, nonce: str, told: dict[str, str], now_s: float) -> bool:
        """Whether nonce and count are good, and now used; without qop a nonce is good once."""
        age_s = now_s - int(nonce.partition("-")[0], 16) / 1000
        if age_s > self._settings.nonce_s:
            return False
        count = 1
        if "qop" in told:
            text = told.get("nc", "")
            if len(text) != 8 or not set(text.lower()) <= set("0123456789abcdef"):
                return False
            count = int(text, 16)
        if count <= self._used.get(nonce, 0):
            return False
        if nonce not in self._used and len(self._used) >= NONCES_MAX:
            self._forget(now_s)
        self._used[nonce] = count
        return True

    def _forget(self, now_s: float) -> None:
        """Nonces too old to be used; should there be none, all: their phones hear `stale`."""
        limit = (now_s - self._settings.nonce_s) * 1000
        self._used = {n: c for n, c in self._used.items() if int(n.partition("-")[0], 16) > limit}
        if len(self._used) >= NONCES_MAX:
            self._secret = sha256(self._secret + b"next").digest()
            self._used.clear()

    def _is_ours(self, nonce: str) -> bool:
        made, _, signature = nonce.rpartition("-")
        return bool(made) and hmac.compare_digest(
            signature.encode("utf-8", "replace"), self._signature(made).encode()
        )

    def _signature(self, made: str) -> str:
        key = f"{made} {self._settings.realm}".encode("utf-8", "replace")
        return hmac.new(self._secret, key, sha256).hexdigest()[:32]


def _response(algorithm: str, told: dict[str, str], password: str, method: str) -> str:
    """What the response must be (RFC 7616 3.4.1); `uri` is taken as told (RFC 3261 22.4)."""
    user, realm, nonce = told.get("username", ""), told.get("realm", ""), told.get("nonce", "")
    ha1 = _hash(algorithm, f"{user}:{realm}:{password}")
    ha2 = _hash(algorithm, f"{method}:{told.get('uri', '')}")
    qop = told.get("qop", "")
    middle = f"{nonce}:{told.get('nc', '')}:{told.get('cnonce', '')}:{qop}" if qop else nonce
    return _hash(algorithm, f"{ha1}:{middle}:{ha2}")


def _hash(algorithm: str, text: str) -> str:
    data = text.encode("utf-8", "surrogateescape")
    if algorithm == "SHA-256":
        return sha256(data).hexdigest()
    return md5(data, usedforsecurity=False).hexdigest()
