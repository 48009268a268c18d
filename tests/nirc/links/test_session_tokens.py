"""Tokens of sessions: what is taken, and every trick with them that is not."""

import base64
import hashlib
import hmac
import json
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from nirc.links.session_tokens import (
    TOKEN_CHARS_MAX,
    SessionRefusedError,
    session_of,
    token_of,
)
from nrcli.wire.session_models import Session

KEY = b"0123456789abcdef" * 4
NOW_S = 1_000.0
SESSION = Session(
    who="ana", id="0" * 32, node="n1", began_unix_s=NOW_S, ends_unix_s=NOW_S + 3_600.0
)
CLAIMS: dict[str, Any] = {
    "iss": "nirc",
    "aud": "nirc-api",
    "sub": "ana",
    "roles": ["system-operator"],
    "jti": "0" * 32,
    "node": "n1",
    "iat": 1_000,
    "exp": 4_600,
}


def encoded(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


def forged(header: dict[str, Any], claims: dict[str, Any], key: bytes = KEY) -> str:
    """A token with any header, signed with HMAC-SHA256 whatever it says."""
    signed = f"{encoded(header)}.{encoded(claims)}"
    signature = hmac.new(key, signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"


def refused(token: str, now_unix_s: float = NOW_S) -> str:
    with pytest.raises(SessionRefusedError) as caught:
        session_of(token, KEY, now_unix_s)
    return str(caught.value)


def test_what_was_signed_is_read_again() -> None:
    assert session_of(token_of(SESSION, KEY), KEY, NOW_S) == SESSION
    assert forged({"alg": "HS256"}, CLAIMS) and session_of(
        forged({"alg": "HS256", "typ": "JWT"}, CLAIMS), KEY, NOW_S
    )


def test_it_ends_and_does_not_begin_in_the_future() -> None:
    token = token_of(SESSION, KEY)
    assert session_of(token, KEY, NOW_S + 3_599.0) == SESSION
    assert refused(token, NOW_S + 3_600.0) == "the session is over"
    assert session_of(token, KEY, NOW_S - 59.0) == SESSION, "clocks of nodes differ a little"
    assert "clock" in refused(token, NOW_S - 61.0)


@pytest.mark.parametrize("name", sorted(CLAIMS))
def test_nothing_may_be_left_out(name: str) -> None:
    assert session_of(jwt.encode(CLAIMS, KEY), KEY, NOW_S)
    left = {key: value for key, value in CLAIMS.items() if key != name}
    assert refused(jwt.encode(left, KEY)) == "no valid token"


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "other"},
        {"aud": "other"},
        {"aud": ["nirc-api"]},
        {"sub": 7},
        {"sub": "a" * 101},
        {"roles": "system-operator"},
        {"roles": ["a"] * 21},
        {"roles": [1]},
        {"jti": "../../key"},
        {"jti": None},
        {"exp": "9999999999"},
        {"exp": 1e308},
        {"exp": True},
        {"iat": "1000"},
        {"more": 1},
    ],
    ids=str,
)
def test_claims_of_a_wrong_kind(changed: dict[str, Any]) -> None:
    token = forged({"alg": "HS256", "typ": "JWT"}, CLAIMS | changed)
    assert refused(token) == "no valid token"


def test_no_algorithm_but_ours() -> None:
    """RFC 8725 sections 2.1 and 3.1."""
    unsigned = f"{encoded({'alg': 'none'})}.{encoded(CLAIMS)}."
    private = generate_private_key(public_exponent=65537, key_size=2048)
    tokens = [
        unsigned,
        unsigned + "AAAA",
        jwt.encode(CLAIMS, private, algorithm="RS256"),
        jwt.encode(CLAIMS, KEY, algorithm="HS512"),
        *(forged({"alg": alg}, CLAIMS) for alg in ("none", "None", "HS384", "RS256", "hs256", "")),
        forged({"alg": ["HS256"]}, CLAIMS),
        forged({}, CLAIMS),
        forged({"alg": "HS256", "crit": ["exp"]}, CLAIMS),
        forged({"alg": "HS256", "b64": False, "crit": ["b64"]}, CLAIMS),
    ]
    for token in tokens:
        assert refused(token) == "no valid token", token


def test_no_key_but_ours() -> None:
    for key in (b"another" * 10, b"", KEY[:-1]):
        header = {"alg": "HS256", "kid": "/dev/null", "jku": "http://x/", "jwk": {"kty": "oct"}}
        assert refused(forged(header, CLAIMS, key)) == "no valid token"


def test_what_was_changed_or_is_no_token() -> None:
    head, claims, signature = token_of(SESSION, KEY).split(".")
    other = encoded(CLAIMS | {"sub": "eve"})
    for token in (
        f"{head}.{other}.{signature}",
        f"{head}.{claims}.",
        f"{head}.{claims}",
        f".{claims}.{signature}",
        "..",
        "",
        "a.b.c",
        "ü.ü.ü",
        f"{head}.{claims}.{signature}.{signature}",
        "\ud800.a.b",
        f"{encoded({'alg': 'HS256'})}.{'W' * 400}.{signature}",
    ):
        assert refused(token) == "no valid token", token


def test_too_long_or_too_deep() -> None:
    assert refused("a" * (TOKEN_CHARS_MAX + 1)) == "no valid token"
    deep = base64.urlsafe_b64encode(b"[" * 700).decode().rstrip("=")
    assert refused(f"{encoded({'alg': 'HS256'})}.{deep}.AAAA") == "no valid token"
