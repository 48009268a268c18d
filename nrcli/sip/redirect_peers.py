"""Tells whose a message is by its address, and whether that one sends too much.

Rule of this file: a stranger is nobody's; rates are counted per address, in bounded memory.
"""

from __future__ import annotations

from ipaddress import ip_address

from nrcli.sip.redirect_settings import RedirectClient, RedirectSettings


class Source:
    """One address."""

    __slots__ = ("_at_s", "_calls", "_messages", "client")

    def __init__(self, client: RedirectClient | None, factor: float, now_s: float) -> None:
        self.client = client
        self._at_s = now_s
        per_s = client.calls_per_s_max if client else 0.0
        self._calls = per_s
        self._messages = per_s * factor

    def message(self, factor: float, now_s: float) -> bool:
        """One more came; False: more than are read."""
        if self.client is None:
            return False
        per_s, passed_s = self.client.calls_per_s_max, max(now_s - self._at_s, 0.0)
        self._at_s = now_s
        self._calls = min(max(per_s, 1.0), self._calls + passed_s * per_s)
        per_s *= factor
        self._messages = min(max(per_s, 1.0), self._messages + passed_s * per_s)
        if self._messages < 1.0:
            return False
        self._messages -= 1.0
        return True

    def call(self) -> bool:
        """One more new call; False: more than are taken."""
        if self._calls < 1.0:
            return False
        self._calls -= 1.0
        return True


class Sources:
    """Addresses heard lately."""

    __slots__ = ("_settings", "_sources")

    def __init__(self, settings: RedirectSettings) -> None:
        self._settings = settings
        self._sources: dict[str, Source] = {}

    def of(self, host: str, now_s: float) -> Source:
        """Whose messages come from here."""
        found = self._sources.get(host)
        if found is None:
            if len(self._sources) >= self._settings.sources_max:
                del self._sources[next(iter(self._sources))]
            client = self._client(host)
            found = Source(client, self._settings.messages_factor, now_s)
            self._sources[host] = found
        return found

    def _client(self, host: str) -> RedirectClient | None:
        try:
            address = ip_address(host.partition("%")[0])
        except ValueError:
            return None
        mapped = getattr(address, "ipv4_mapped", None)
        for client in self._settings.clients:
            if any((mapped or address) in network for network in client.networks):
                return client
        return None
