"""Turns a site and a token into the address that a moved call is sent to.

Rule of this file: addresses come only from the operator's site table, the signed peer plan, the
published handlers and the site's own settings;
nothing that NIRC or a caller sends is ever dialed. Only the token travels, as the user part, or a
lent number that the site table gives to the target.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from nrcli.wire.messages import RouteAnswer, Rung, TransferMethod
from routing_policies.document import SiteTable, load_site_table
from routing_policies.errors import DocumentError
from routing_policies.handler_kinds import PLACE
from routing_policies.path_problems import number_listed
from site_agent.core.actions import SaveSiteTable
from site_agent.core.moves import BLIND_START
from site_agent.core.outbox import Outbox
from site_agent.core.plan_tokens import is_plan_token
from site_agent.core.settings import SiteSettings

HandlerAddress = Callable[[str, RouteAnswer, Rung], str]
"(trunk group of the call, answer, rung) to a SIP URI."
LOOKED_UP = (TransferMethod.REDIRECT_302, TransferMethod.REFER)
"Methods whose address somebody else looks up; whatever else is dialed here needs an IP address."
_NUMBER = re.compile(r"\+[0-9]{2,15}")


class Addresses:
    """The site table that is in force."""

    __slots__ = (
        "_handler_address",
        "_out",
        "_plan_address",
        "_revision",
        "_settings",
        "_site",
        "_table",
    )

    def __init__(
        self, site: str, settings: SiteSettings, table: SiteTable | None, out: Outbox
    ) -> None:
        self._site = site
        self._settings = settings
        self._table = table
        self._revision = -1
        self._out = out
        self._plan_address: Callable[[str, str], str] = lambda site, token: ""
        self._handler_address: HandlerAddress = lambda group, answer, rung: ""

    def join(self, plan_address: Callable[[str, str], str]) -> None:
        """Name what knows where calls without NIRC go; once, before the first event."""
        self._plan_address = plan_address

    def join_handlers(self, address: HandlerAddress) -> None:
        """Name what knows the published addresses of handlers; once, before the first event."""
        self._handler_address = address

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
        if is_plan_token(token) or token.startswith(BLIND_START):
            return self._plan_address(site, token)
        found = self._table.addresses.get((site, trunk_group)) if self._table else None
        if found is None:
            return ""
        host, port, transport = found
        return token_uri(token, host, port, transport)

    def entry(self, site: str, trunk_group: str) -> tuple[str, int, str] | None:
        """(host, port, transport) of a site for new calls on a trunk group, as the table says; of
        this site also as its own trunk group listens."""
        table, key = self._table, (site, trunk_group)
        found = table.names.get(key) or table.addresses.get(key) if table else None
        rules = self._settings.trunks.get(trunk_group)
        if found is not None or site != self._site or rules is None or not rules.address:
            return found
        host, _, port = rules.address.rpartition(":")
        anywhere = host in {"0.0.0.0", "[::]"} or port == "0"
        return None if anywhere else (host.strip("[]"), int(port), rules.transport)

    def named(self, site: str, trunk_group: str, user: str) -> str:
        """SIP URI with the name that carriers look up; empty: the table has none for it."""
        found = self._table.names.get((site, trunk_group)) if self._table else None
        if found is None or is_plan_token(user) or user.startswith(BLIND_START):
            return ""
        name, port, transport = found
        return _uri(user, f"{name}:{port}" if port else name, transport)

    def by_name(self, answer: RouteAnswer, rung: Rung) -> bool:
        """Is the rung's address a name, which only the carrier looks up?"""
        if rung.method not in LOOKED_UP or rung.at_trunk:
            return False
        return bool(self.named(answer.target_site, rung.number_on or rung.arrives_on, answer.token))

    def of_rung(self, trunk_group: str, answer: RouteAnswer, rung: Rung) -> str:
        """SIP URI by which a rung moves a call that came in on `trunk_group`; empty: it cannot."""
        if answer.target_site.startswith(PLACE):
            return self._handler_address(trunk_group, answer, rung)
        by_number = rung.number_on or rung.method is TransferMethod.TRANSLATION_ROUTE
        if not by_number:
            if self.by_name(answer, rung):
                return self.named(answer.target_site, rung.arrives_on, answer.token)
            return self.of(answer.target_site, rung.arrives_on, answer.token)
        number, where = answer.number, (answer.target_site, rung.number_on)
        if not self._gives(number, where):
            return ""
        rules = self._settings.trunks.get(trunk_group)
        if rung.method is TransferMethod.TRANSLATION_ROUTE:
            return f"sip:{number}@{rules.dial_to}" if rules and rules.dial_to else ""
        if not rung.at_trunk:
            return (self.named if self.by_name(answer, rung) else self.of)(*where, number)
        return self._at_trunk(trunk_group, number, rung)

    def home_by_number(self, trunk_group: str, number: str, rung: Rung) -> str:
        """SIP URI of a number of this site that leads back to it, in the form that the rung has;
        empty: the operator's table does not give us that number there."""
        if not self._gives(number, (self._site, trunk_group)):
            return ""
        if rung.at_trunk:
            return self._at_trunk(trunk_group, number, rung)
        return self.home(trunk_group, number)

    def _at_trunk(self, trunk_group: str, number: str, rung: Rung) -> str:
        """A number at a domain of the trunk group, as the site's own settings name it."""
        rules = self._settings.trunks.get(trunk_group)
        domains = rules.number_domains if rules else ()
        domain = rung.trunk_domain or next(iter(domains), "")
        return f"sip:{number}@{domain}" if domain and domain in domains else ""

    def of_probe(self, answer: RouteAnswer) -> str:
        """SIP URI of a test call: where the carrier would send the caller. What only the carrier
        resolves is dialed by the trunk group itself."""
        rung = answer.rungs[0]
        if rung.at_trunk:
            rung = replace(rung, method=TransferMethod.TRANSLATION_ROUTE)
        elif self.by_name(answer, rung):
            rung = replace(rung, method=TransferMethod.BRIDGE)
        return self.of_rung(answer.probe_from, answer, rung)

    def why_no_probe(self, answer: RouteAnswer) -> str:
        """What is missing where `of_probe` finds no address, for a person."""
        rung, group, site = answer.rungs[0], answer.probe_from, answer.target_site
        arrives = rung.number_on or rung.arrives_on
        rules = self._settings.trunks.get(group)
        if self._table is None:
            return f"{self._site} has no site table: publish a SiteTable, or name its file"
        if not rung.number_on:
            return (
                f"the site table of {self._site} has no address of {site} for trunk group {arrives}"
            )
        if not self._gives(answer.number, (site, arrives)):
            return (
                f"the site table of {self._site} does not give {answer.number} to {site}/{arrives}:"
                " add it to `numbers` of that row"
            )
        by_trunk = rung.at_trunk or rung.method is TransferMethod.TRANSLATION_ROUTE
        if by_trunk and (rules is None or not rules.dial_to):
            return (
                f"trunk group {group} of {self._site} has no `dial_to`: a test call by number is"
                " dialed there (`acd.trunk_groups[].dial_to`)"
            )
        return f"the site table of {self._site} has no address of {site} for trunk group {arrives}"

    def _gives(self, number: str, where: tuple[str, str]) -> bool:
        """Does the operator's table give this number to that site and trunk group?"""
        if self._table is None or not _NUMBER.fullmatch(number):
            return False
        given = number_listed(number, self._table.numbers.get(where, ()))
        if not given:
            self._out.count("numbers_not_in_site_table")
        return given

    def home(self, trunk_group: str, token: str) -> str:
        """SIP URI that leads back to this site by the trunk group a call came in on."""
        named = self.named(self._site, trunk_group, token)
        known = named or self.of(self._site, trunk_group, token)
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
