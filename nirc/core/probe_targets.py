"""Decides which site a test call goes to, over a path that leads to many.

Rule of this file: only sites that the path can lead to; by the schedule each in its turn, and one
that was bad once is tried again before the next, so that twice bad is soon known.
"""

from __future__ import annotations

from nirc.core.parts import Parts
from nirc.core.path_proofs import TO, proof_name
from routing_policies.document import ANY_SITE, PathDoc


class ProbeTargets:
    """Whose turn it is, by path and way. A new leader begins anew."""

    __slots__ = ("_parts", "_turns")

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._turns: dict[str, tuple[str, bool]] = {}
        "The last target, and whether that was its second try."

    def of(self, path: PathDoc, to_site: str) -> str:
        """The site that is called: the path's, the one that is named, or the first that can be."""
        if path.spec.to_site != ANY_SITE:
            return path.spec.to_site
        return to_site or next(iter(self._usable(path)), "")

    def in_turn(self, path: PathDoc, method: str) -> str:
        """The next one of the schedule; empty for a path to one site."""
        if path.spec.to_site != ANY_SITE:
            return ""
        name, usable = proof_name(path.name, method), self._usable(path)
        if not usable:
            return ""
        last, was_again = self._turns.get(name, ("", False))
        bad_once = self._parts.active.proofs.of(name + TO + last).bad_count == 1
        again = bad_once and not was_again and last in usable
        target = last if again else next((site for site in usable if site > last), usable[0])
        self._turns[name] = (target, again)
        return target

    def keep(self, names: set[str]) -> None:
        """Forget all other paths and ways."""
        for name in set(self._turns) - names:
            del self._turns[name]

    def not_led_to(self, path: PathDoc, site: str) -> str:
        """Why a path cannot lead to the site that somebody named, with those it can."""
        documents, spec = self._parts.active.documents, path.spec
        if not site or documents is None:
            return ""
        if spec.to_site != ANY_SITE:
            return "" if site == spec.to_site else f"it leads to {spec.to_site} alone"
        sites = self._led_to(path)
        if site in sites:
            return ""
        why = f"the SiteTable has no address of {site} for trunk group {spec.arrives_on}"
        if site == spec.from_site:
            why = f"it begins at {site}"
        elif site not in documents.sites:
            why = f"there is no Site {site}"
        return f"{why}; it leads to {', '.join(sites) or 'no site'}"

    def _led_to(self, path: PathDoc) -> list[str]:
        """Every site that a path to many can lead to, by name."""
        documents, spec = self._parts.active.documents, path.spec
        if documents is None:
            return []
        sites = [one for one in sorted(documents.sites) if one != spec.from_site]
        if documents.addresses:
            sites = [one for one in sites if (one, spec.arrives_on) in documents.addresses]
        return sites

    def _usable(self, path: PathDoc) -> list[str]:
        """Of those, the ones in reach; where there is none, all."""
        sites, usable = self._led_to(path), self._parts.leadership.acked_by("default")
        return [site for site in sites if site in usable] or sites
