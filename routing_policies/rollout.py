"""Which versions of one policy are in use: the live one, a shadow beside it, a canary before it.

Rule of this file: data, and the one question which version decides a call. How a version comes here
(publish, schedule, rollback) is decided where it is stored.
"""

from __future__ import annotations

from dataclasses import dataclass

from routing_policies.compiler import CompiledPolicy

LIVE = "live"
CANARY = "canary"


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionText:
    """One version of a policy as it is stored."""

    version: int
    "The policy's own number: 1, 2, 3..."
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenRollout:
    """What a store says about the versions of one policy; the live text is the document itself."""

    live: int
    "Version number of the live text."
    shadow: VersionText | None = None
    canary: VersionText | None = None
    canary_sites: frozenset[str] = frozenset()
    canary_services: frozenset[str] = frozenset()
    canary_share: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollout:
    """What is tried beside or before the live version."""

    shadow: CompiledPolicy | None = None
    "Decides beside the live one; only its differences are counted."
    canary: CompiledPolicy | None = None
    "Decides in the place of the live one, for the calls that the rest names."
    canary_sites: frozenset[str] = frozenset()
    "Calls at these sites; empty: at any."
    canary_services: frozenset[str] = frozenset()
    "Calls for these services; empty: for any."
    canary_share: float = 0.0
    "Calls whose `canary_share_of` (0 to below 1) is below this; 0: all of them."

    def takes(self, site: str, service: str, share: float) -> bool:
        """Is this a call for the canary? What is named must all hold; nothing named: no call."""
        if self.canary is None or not (
            self.canary_sites or self.canary_services or self.canary_share
        ):
            return False
        return (
            (not self.canary_sites or site in self.canary_sites)
            and (not self.canary_services or service in self.canary_services)
            and (not self.canary_share or share < self.canary_share)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyVersions:
    """The versions of one policy that are in use."""

    live: CompiledPolicy
    rollout: Rollout | None = None

    def deciding(self, site: str, service: str, share: float) -> tuple[CompiledPolicy, str]:
        """The version that decides this call, and whether it is `live` or `canary`."""
        rollout = self.rollout
        if rollout is not None and rollout.canary and rollout.takes(site, service, share):
            return rollout.canary, CANARY
        return self.live, LIVE

    def all(self) -> tuple[CompiledPolicy, ...]:
        """Every version that decides, beside or in the place of the live one."""
        rollout = self.rollout
        tried = (rollout.canary, rollout.shadow) if rollout else ()
        return (self.live, *(one for one in tried if one is not None))

    @property
    def shadow(self) -> CompiledPolicy | None:
        """The version that decides beside, if one does."""
        return self.rollout.shadow if self.rollout else None
