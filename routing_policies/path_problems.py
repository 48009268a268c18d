"""Says what is wrong with one path or one number pool by itself, and what moves by number.

Rule of this file: one document at a time; whether documents fit together stands in `path_faults`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from routing_policies.network_kinds import NumberPoolDoc, PathDoc

TOKEN_CHARS = 31
"`nirc-` and 26 characters."
BY_TOKEN = "token_user"
AT_TRUNK = "e164_pool@trunk_domain"
TRANSLATION = "translation_route"
Found = tuple[tuple[str | int, ...], str, str]
"(where, problem, remedy)"


def by_number(path: PathDoc) -> bool:
    """Does a moved call carry a lent number, not its token?"""
    return path.spec.address != BY_TOKEN


def serves(pool: NumberPoolDoc, site: str, trunk_group: str) -> bool:
    """Do calls to this pool's numbers arrive at a site's trunk group?"""
    return pool.spec.site == site and pool.spec.trunk_group in (None, trunk_group)


def path_problems(path: PathDoc) -> Iterator[Found]:
    """What is wrong with one path by itself."""
    spec = path.spec
    if TRANSLATION in spec.methods and not by_number(path):
        yield (
            ("spec", "methods"),
            f"{TRANSLATION} moves by a number, and the address is {BY_TOKEN}",
            f"add address: {AT_TRUNK}",
        )
    if spec.trunk_domain is not None and spec.address != AT_TRUNK:
        yield (
            ("spec", "trunk_domain"),
            f"is used with address: {AT_TRUNK} alone, and this is {spec.address}",
            "leave it out, or change the address",
        )
    if spec.user_part_max is not None and not by_number(path) and spec.user_part_max < TOKEN_CHARS:
        yield (
            ("spec", "user_part_max"),
            f"a token has {TOKEN_CHARS} characters and would be cut to {spec.user_part_max}",
            f"move by number: address: {AT_TRUNK} or e164_pool@site",
        )


def number_listed(number: str, prefixes: Iterable[str]) -> bool:
    """Is a number among these, of which some end with * and stand for all that begin so?

    >>> number_listed("+351211000007", ["+35121100000*"]), number_listed("+1900", ["+351*"])
    (True, False)
    """
    return any(
        number.startswith(prefix[:-1]) if prefix.endswith("*") else number == prefix
        for prefix in prefixes
    )
