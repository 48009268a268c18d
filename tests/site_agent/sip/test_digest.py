"""Digest answers, against the examples of RFC 7616 3.9 and RFC 2617 3.5."""

import pytest

from nrcli.sip.message import Headers, Response
from site_agent.sip.digest import authorization, authorization_line, parse_challenge

CNONCE = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"
CHALLENGE = (
    'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm={algorithm}, '
    'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", '
    'opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"'
)
SHA_256 = "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"
MD5 = "8ca523f5e9506fed4657c9700eebdbec"


@pytest.mark.parametrize(("algorithm", "response"), [("SHA-256", SHA_256), ("MD5", MD5)])
def test_examples(algorithm: str, response: str) -> None:
    challenge = parse_challenge(CHALLENGE.format(algorithm=algorithm))
    credentials = ("Mufasa", "Circle of Life")
    value = authorization(challenge, "GET", "/dir/index.html", credentials, CNONCE)
    assert f'response="{response}"' in value
    assert f'cnonce="{CNONCE}"' in value


def test_without_qop() -> None:
    challenge = parse_challenge('Digest realm="r", nonce="n"')
    value = authorization(challenge, "REGISTER", "sip:h", ("u", "p"), "c")
    assert "qop" not in value
    assert "cnonce" not in value


def test_the_best_of_several_challenges_is_answered() -> None:
    headers = Headers(
        ("Proxy-Authenticate", CHALLENGE.format(algorithm=name)) for name in ("MD5", "SHA-256")
    )
    line = authorization_line(Response(407, "", headers), "INVITE", "sip:h", ("u", "p"), "c")
    assert line.startswith("Proxy-Authorization: Digest ")
    assert "algorithm=SHA-256" in line


@pytest.mark.parametrize(
    "value",
    ["", "Basic realm=x", "Digest", 'Digest realm="r"', 'Digest nonce="n", algorithm=X',
     'Digest nonce="n", qop="auth-int"'],
)  # fmt: skip
def test_what_cannot_be_answered(value: str) -> None:
    response = Response(401, "", Headers([("WWW-Authenticate", value)]))
    assert authorization_line(response, "INVITE", "sip:h", ("u", "p"), "c") == ""
