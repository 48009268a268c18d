"""Turns a site and a token into the address that a moved call is sent to.

Rule of this file: addresses come only from the operator's site table, the signed peer plan and the
site's own settings;
nothing that NIRC or a caller sends is ever dialed. Only the token travels, as the user part.
"""

from __future__ import annotations

from collections.abc import Callable

from routing_policies.document import SiteTable, load_site_table
from routing_policies.errors import DocumentError
from site_agent.core.actions import SaveSiteTable
from site_agent.core.moves import BLIND_START
from site_agent.core.outbox import Outbox
from site_agent.core.plan_tokens import PLAN_START
from site_agent.core.settings import SiteSettings


class Addresses:
    """The site table that is in force."""

    __slots__ = ("_out", "_plan_address", "_revision", "_settings", "_site", "_table")

    def __init__(
        self, site: str, settings: SiteSettings, table: SiteTable | None, out: Outbox
    ) -> None:
        self._site = site
        self._settings = settings
        self._table = table
        self._revision = -1
        self._out = out
        self._plan_address: Callable[[str, str], str] = lambda site, token: ""

    def join(self, plan_address: Callable[[str, str], str]) -> None:
        """Name what knows where calls without NIRC go; once, before the first event."""
        self._plan_address = plan_address

    def told(self, revision: int, text: bytes) -> None:
        """A node carried the operator's table: a newer, readable one replaces the old one."""
        if revision <= self._revision or not text:
            return
        try:
            self._table = load_site_table(text, source="site table")
        except DocumentError as error:
            self._out.alarm("site_table", self._site, f"kept the old site table: {error}")
            return
        self._revision = revision
        self._out.clear("site_table", self._site)
        self._out.do(SaveSiteTable(revision=revision, site_table=text))

    def of(self, site: str, trunk_group: str, token: str) -> str:
        """SIP URI that leads to `site` by `trunk_group`, or empty if the table does not name it."""
        if token.startswith((PLAN_START, BLIND_START)):
            return self._plan_address(site, token)
        found = self._table.addresses.get((site, trunk_group)) if self._table else None
        if found is None:
            return ""
        host, port, transport = found
        return token_uri(token, host, port, transport)

    def home(self, trunk_group: str, token: str) -> str:
        """SIP URI that leads back to this site by the trunk group a call came in on."""
        known = self.of(self._site, trunk_group, token)
        rules = self._settings.trunks.get(trunk_group)
        if known or rules is None or not rules.address:
            return known
        return _uri(token, rules.address, rules.transport)


def token_uri(token: str, host: str, port: int, transport: str) -> str:
    """SIP URI with a token as its user part."""
    return _uri(token, f"[{host}]:{port}" if ":" in host else f"{host}:{port}", transport)


def _uri(token: str, host_port: str, transport: str) -> str:
    suffix = "" if transport.lower() == "udp" else f";transport={transport.lower()}"
    return f"sip:{token}@{host_port}{suffix}"
