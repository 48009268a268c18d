"""Turns what SIP, a carrier or a person writes for a telephone number into one form: E.164.

Rule of this file: nothing raises and nothing costs much, whatever the text is; what cannot be a
number of the world is kept as it was dialed (short codes, emergency numbers, names). The library of
numbering plans is loaded at the first use, and only here.

Sources: RFC 3966 (tel URI, visual separators, phone-context), RFC 4694 (rn, npdi), RFC 3261 19.1.6
(numbers in SIP users), RFC 3323 4.1 (anonymous callers), ITU-T E.164.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import ModuleType

TEXT_CHARS_MAX = 256
"A longer text is refused unread."
DIGITS_MAX = 32
KEPT_MAX = 8_192
"Numbers whose form is remembered."
SHORT_DIGITS_MAX = 6
"So few digits are a short code, unless the country's plan knows them as a number."
_SEPARATORS = re.compile(r"[-.()\s/]")
_NUMBER = re.compile(rf"\+?[0-9*#]{{1,{DIGITS_MAX}}}\Z")
_DIGITS = re.compile(r"\+?[0-9]+\Z")
_NAME = re.compile(r"[^0-9A-Za-z+*#._-]")
_WITHHELD = frozenset({"anonymous", "restricted", "unavailable", "unknown", "private", "withheld"})
_WITHHELD_HOST = "anonymous.invalid"
_NUMBER_CONTEXT = re.compile(r"\+[0-9]{1,8}\Z")


class NumberKind(Enum):
    """What a text turned out to be."""

    FULL = "full"  # a number of the world, in E.164
    SHORT = "short"  # a short code, a service code or an extension, as dialed
    NAME = "name"  # a SIP user that is no number
    WITHHELD = "withheld"  # a caller who does not show the number
    NONE = "none"  # nothing there
    REFUSED = "refused"  # too long to be read


@dataclass(frozen=True, slots=True, kw_only=True)
class NormalNumber:
    """One number in the form in which numbers are compared."""

    text: str
    "What is compared and shown: `e164`, else digits or name as dialed; empty if there is none."
    kind: NumberKind
    e164: str = ""
    "With its +; empty where the number has no such form."
    valid: bool = False
    "The numbering plan of its country knows such a number."
    national: str = ""
    "National significant number: without country code and trunk prefix."
    country: str = ""
    "ISO 3166-1 of the number, empty where it belongs to none or is not known."
    withheld: bool = False


NOTHING = NormalNumber(text="", kind=NumberKind.NONE)
WITHHELD = NormalNumber(text="", kind=NumberKind.WITHHELD, withheld=True)


def normalise(text: str, country: str) -> NormalNumber:
    """`text` as one number: a SIP user or URI, a tel URI, or digits as somebody writes them.

    `country` (ISO 3166-1) says what numbers without + mean; empty: nothing.
    """
    if len(text) > TEXT_CHARS_MAX:
        return NormalNumber(text="", kind=NumberKind.REFUSED)
    return _normalised(text, country.upper())


def dial_class(e164: str) -> Literal["usual", "dear", "unknown"]:
    """What calling this number is like: `dear` costs more than a usual call (premium rate, shared
    cost, one number for a company), `unknown` is no number that its country's plan knows."""
    library = _library()
    try:
        number = library.parse(e164, None)
    except library.NumberParseException:
        return "unknown"
    kinds = library.PhoneNumberType
    kind = library.number_type(number)
    if kind in (kinds.PREMIUM_RATE, kinds.SHARED_COST, kinds.UAN):
        return "dear"
    return "unknown" if kind in (kinds.UNKNOWN, kinds.VOICEMAIL) else "usual"


def is_country(country: str) -> bool:
    """Has this country (ISO 3166-1, capital letters) a numbering plan that is known?"""
    return country in _library().SUPPORTED_REGIONS


def countries() -> Iterable[str]:
    """Every country whose numbering plan is known."""
    found: Iterable[str] = _library().SUPPORTED_REGIONS
    return found


def international_prefix(prefix: str, country: str) -> str:
    """The beginning of a number in national form with its country code: 21 or 021 as +35121.

    Empty where it cannot be said.
    """
    if not prefix.isdigit() or not is_country(country):
        return ""
    library = _library()
    trunk = library.ndd_prefix_for_region(country, True) or ""
    rest = prefix.removeprefix(trunk) if trunk and trunk != prefix else prefix
    return f"+{library.country_code_for_region(country)}{rest}"


@lru_cache(maxsize=KEPT_MAX)
def _normalised(text: str, country: str) -> NormalNumber:
    user, host, context = _parts(text)
    if not user:
        return WITHHELD if host == _WITHHELD_HOST else NOTHING
    bare = _SEPARATORS.sub("", user)
    if host == _WITHHELD_HOST or bare.casefold() in _WITHHELD:
        return WITHHELD
    if not _NUMBER.match(bare):
        return NormalNumber(text=_NAME.sub("", user)[:64], kind=NumberKind.NAME)
    if not _DIGITS.match(bare):
        return NormalNumber(text=bare, kind=NumberKind.SHORT)
    in_context = context and not bare.startswith("+") and _parsed(context + bare, "")
    return in_context or _number(bare, country)


def _parts(text: str) -> tuple[str, str, str]:
    """User without parameters and password, host in small letters, phone-context of a number."""
    text = text.strip().strip("<>")
    scheme, colon, rest = text.partition(":")
    lowered = scheme.casefold()
    if colon and lowered in {"sip", "sips", "tel"}:
        text = rest
    user, at, place = text.rpartition("@")
    if not at:
        user, place = text, ""
    user, *parameters = user.split(";")
    context = ""
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().casefold() == "phone-context" and _NUMBER_CONTEXT.match(value.strip()):
            context = value.strip()
    host = re.split(r"[;:?>]", place, maxsplit=1)[0].casefold()
    return user.partition(":")[0].strip(), host, context


def _number(bare: str, country: str) -> NormalNumber:
    """`bare` is digits, with + before them or not."""
    for candidate in _candidates(bare):
        found = _parsed(candidate, country)
        if found is not None:
            return found
    if bare.startswith("+") and SHORT_DIGITS_MAX < len(bare) - 1 <= 15:
        return NormalNumber(text=bare, kind=NumberKind.FULL, e164=bare)
    return NormalNumber(text=bare, kind=NumberKind.SHORT)


def _candidates(bare: str) -> list[str]:
    """Readings of the digits, the likeliest first: as the country dials, then 00 and 011 as +."""
    found = [bare]
    found += [f"+{bare[len(p) :]}" for p in ("00", "011") if bare.startswith(p)]
    return found


def _parsed(bare: str, country: str) -> NormalNumber | None:
    """The number, if its country's plan allows one of this length."""
    library = _library()
    if not bare.startswith("+") and country not in library.SUPPORTED_REGIONS:
        return None
    try:
        number = library.parse(bare, country or None)
    except library.NumberParseException:
        return None
    possible = library.is_possible_number_with_reason(number)
    if possible != library.ValidationResult.IS_POSSIBLE:
        return None
    valid = library.is_valid_number(number)
    if not valid and not bare.startswith("+") and len(bare) <= SHORT_DIGITS_MAX:
        return None
    return NormalNumber(
        text=(e164 := library.format_number(number, library.PhoneNumberFormat.E164)),
        kind=NumberKind.FULL,
        e164=e164,
        valid=valid,
        national=library.national_significant_number(number),
        country=library.region_code_for_number(number) or "",
    )


def _library() -> ModuleType:
    import phonenumbers

    return phonenumbers
