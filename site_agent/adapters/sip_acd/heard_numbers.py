"""Reads from an INVITE which numbers it names: who is called, who calls, and who vouches for that.

Rule of this file: headers in, plain texts out; what is malformed counts as not there. A
P-Asserted-Identity and a verstat parameter are believed only from a peer that the trunk group
trusts with identities; what a caller entered, and a second factor, only from the site's own IVRs.

Sources: RFC 7044 (History-Info: the lowest index is what was dialed first), RFC 5806 (Diversion:
the last one diverted first), RFC 3323 and 3325 (Privacy, P-Asserted-Identity), RFC 4412
(Resource-Priority), 3GPP TS 24.229 7.2A.20 and RFC 8946 (verstat).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from nrcli.sip.message import Headers, MessageError, NameAddr, Request, SipUri
from nrcli.sip.uri import split_commas, split_name_addr
from routing_policies.call_numbers import CallHeard, Source
from site_agent.adapters.sip_acd.trunks import TrunkGroup

PASSED = "tn-validation-passed"
DIGITS_HEADER = "X-NIRC-Digits"
"What the caller entered at an IVR."
VERIFIED_HEADER = "X-NIRC-Verified"
"`yes`: the caller gave the IVR a second factor."
_DIGITS = re.compile(r"[0-9*#A-D]{0,32}")
_ASKS_FOR_PRIVACY = frozenset({"id", "user", "header"})
_BEGINS_LIKE_NUMBER = re.compile(r"\+?[0-9(]")
_VERSTAT = "verstat"


def heard(
    request: Request, trunk: TrunkGroup, peer_host: str, *, with_called: bool = True
) -> CallHeard:
    """The numbers of a new call as they came; without those called where nobody looks at them."""
    headers = request.headers
    trusted, is_ivr = trunk.vouches(peer_host), trunk.is_ivr(peer_host)
    callers = _addresses(headers, "P-Asserted-Identity") if trusted else []
    from_ = _from(headers)
    caller = _text(callers[0].uri if callers else from_)
    user = user_of(request)
    return CallHeard(
        trunk_group=trunk.settings.name,
        called=_called(request) if with_called else {},
        caller=caller,
        withheld=_withheld(headers, from_),
        verified=(trusted and _passed(headers)) or (is_ivr and _has_second_factor(headers)),
        emergency="Resource-Priority" in headers or user in trunk.settings.emergency_numbers,
        digits=_digits(headers) if is_ivr else "",
    )


def user_of(request: Request) -> str:
    """The user part of the Request-URI without parameters such as npdi and rn (RFC 4694)."""
    try:
        return request.uri.user.partition(";")[0]
    except MessageError:
        return ""


def withholds(headers: Headers) -> bool:
    """Does the caller ask that the number is not shown?"""
    return _withheld(headers, _from(headers))


def _called(request: Request) -> dict[Source, str]:
    headers = request.headers
    history = sorted(_addresses(headers, "History-Info"), key=_index)
    diversions = reversed(_addresses(headers, "Diversion"))
    return {
        "request_uri": _request_uri(request),
        "to": _text(next((one.uri for one in _addresses(headers, "To")), None)),
        "history_info": _first_number(history),
        "diversion": _first_number(diversions),
    }


def _request_uri(request: Request) -> str:
    try:
        return _text(request.uri)
    except MessageError:
        return ""


def _first_number(addresses: Iterable[NameAddr]) -> str:
    texts = (_text(one.uri) for one in addresses)
    return next((text for text in texts if _BEGINS_LIKE_NUMBER.match(_bare(text))), "")


def _text(uri: SipUri | None) -> str:
    """What names the person or number: all of a tel URI, user and host of a SIP URI."""
    if uri is None:
        return ""
    if not uri.host:
        return str(uri)
    return f"{uri.user}@{uri.host}" if uri.user else f"@{uri.host}"


def _bare(text: str) -> str:
    return text.removeprefix("tel:")


def _index(one: NameAddr) -> tuple[int, ...]:
    """Place of an entry in the call's history; one without an index comes last."""
    parts = (one.param("index") or "").split(".")
    if not all(part.isdecimal() and len(part) < 6 for part in parts):
        return (1_000_000,)
    return tuple(map(int, parts))


def _addresses(headers: Headers, name: str) -> list[NameAddr]:
    """Every readable address of a header."""
    found = []
    for value in headers.get_all(name):
        try:
            found.extend(NameAddr.parse_list(value))
        except MessageError:
            continue
    return found


def _from(headers: Headers) -> SipUri | None:
    """Who calls, by From; its parameters are of no interest."""
    try:
        (address,) = split_commas(headers.get("from") or "")
        return SipUri.parse(split_name_addr(address)[1])
    except (MessageError, ValueError):
        return None


def _withheld(headers: Headers, from_: SipUri | None) -> bool:
    asked = headers.get("privacy")
    if asked and {word.strip().casefold() for word in asked.split(";")} & _ASKS_FOR_PRIVACY:
        return True
    return from_ is not None and from_.host.casefold() == "anonymous.invalid"


def _passed(headers: Headers) -> bool:
    """Does whoever is trusted say that the caller's number was validated?"""
    named = _addresses(headers, "P-Asserted-Identity") or _addresses(headers, "From")
    words = {word.casefold() for one in named for word in _verstat(one)}
    return words == {PASSED}


def _verstat(one: NameAddr) -> Iterator[str]:
    """What verstat says with the number itself, in the URI or behind it. A display name is the
    caller's own words and says nothing."""
    _, *in_user = one.uri.user.split(";")
    pairs = [part.partition("=")[::2] for part in in_user]
    for name, value in (*pairs, *one.uri.params, *one.params):
        if name.strip().casefold() == _VERSTAT:
            yield value.strip()


def _has_second_factor(headers: Headers) -> bool:
    return (headers.get(VERIFIED_HEADER) or "").strip().casefold() == "yes"


def _digits(headers: Headers) -> str:
    digits = (headers.get(DIGITS_HEADER) or "").strip()
    return digits if _DIGITS.fullmatch(digits) else ""
