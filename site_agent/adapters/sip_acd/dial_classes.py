"""Decides where an agent may send a caller: a service by name or short number, a number, emergency.

Rule of this file: only the user part of an address is read, nothing else of it is ever dialed. An
emergency number is never refused; a number outside the network only where a class allows it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum

from site_agent.adapters.sip_acd.settings import TransferClass, TransferSettings

SERVICE_START = "service-"
ALL = "*"
_NUMBER = re.compile(r"\+?[0-9]{3,15}\Z")


class WantedKind(Enum):
    """What an address asks for."""

    SERVICE = "service"
    NUMBER = "number"
    EMERGENCY = "emergency"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Where an agent wants a caller to go."""

    kind: WantedKind
    name: str
    "Name of the service, or the number."


class DialClasses:
    """The site's word on transfers that agents begin."""

    __slots__ = ("_classes", "_emergency", "_is_service", "_knows_all", "_short")

    def __init__(
        self,
        settings: TransferSettings,
        emergency_numbers: Iterable[str],
        is_service: Callable[[str], bool],
        knows_all: Callable[[], bool] = bool,
    ) -> None:
        """`knows_all`: whether `is_service` knows the network's services, not this site's alone."""
        self._classes = settings.classes
        self._short = dict(settings.short_numbers)
        self._emergency = frozenset(emergency_numbers)
        self._is_service = is_service
        self._knows_all = knows_all

    def wanted(self, user: str) -> Wanted:
        """What the user part of a Refer-To or of a dialed address asks for."""
        if user in self._emergency:
            return Wanted(kind=WantedKind.EMERGENCY, name=user)
        name = self._short.get(user, user.removeprefix(SERVICE_START))
        if self._is_service(name) or (user in self._short and not self._knows_all()):
            return Wanted(kind=WantedKind.SERVICE, name=name)
        if user in self._short:
            return Wanted(kind=WantedKind.UNKNOWN, name=name)
        if _NUMBER.match(user):
            return Wanted(kind=WantedKind.NUMBER, name=user)
        return Wanted(kind=WantedKind.UNKNOWN, name=user[:64])

    def allows(self, agent: str, queues: Iterable[str], wanted: Wanted) -> bool:
        """May this agent, a member of these queues, send a caller there?"""
        if wanted.kind is WantedKind.EMERGENCY:
            return True
        if wanted.kind is WantedKind.UNKNOWN:
            return False
        if not self._classes:
            return wanted.kind is WantedKind.SERVICE
        groups = frozenset(queues)
        return any(_allows(one, wanted) for one in self._classes if _covers(one, agent, groups))


def _covers(one: TransferClass, agent: str, queues: frozenset[str]) -> bool:
    return ALL in one.agents or agent in one.agents or not queues.isdisjoint(one.queues)


def _allows(one: TransferClass, wanted: Wanted) -> bool:
    if wanted.kind is WantedKind.SERVICE:
        return ALL in one.services or wanted.name in one.services
    return any(_fits(pattern, wanted.name) for pattern in one.numbers)


def _fits(pattern: str, number: str) -> bool:
    """`+351*` is a prefix, anything else the whole number."""
    start, star, _ = pattern.partition(ALL)
    return number.startswith(start) if star else number == pattern
