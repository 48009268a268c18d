"""Where each agent's phone is: a static contact, or what it registered (RFC 3261 10.3).

Rule of this file: one contact an agent, only agents of the settings, only from the networks of
phones and with the agent's password; a static contact is never replaced; every registration ends
by a timer. A phone that names another host than it sends from is behind NAT: it is rung where it
registered from.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable
from typing import Any

from nrcli.sip.message import MessageError, NameAddr, Request, SipUri
from nrcli.sip.via import is_address
from site_agent.adapters.sip_acd.phone_passwords import PhonePasswords
from site_agent.adapters.sip_acd.settings import Address, SettingsError, SipAcdSettings
from site_agent.adapters.sip_acd.timers import Timers
from site_agent.sip.dialog import TRANSPORTS, port_of, transport_of
from site_agent.sip.signals import Header, Peer


class Registrar:
    """Contacts of agents and the flows to reach them by."""

    __slots__ = (
        "_contacts",
        "_limits",
        "_listen",
        "_names",
        "_networks",
        "_passwords",
        "_static",
        "_timers",
    )

    def __init__(self, settings: SipAcdSettings, new_id: Callable[[], str]) -> None:
        self._passwords = PhonePasswords(settings, new_id)
        self._limits = settings.limits
        self._listen = settings.agents_listen
        self._networks = [ipaddress.ip_network(text) for text in settings.agents_peers]
        self._names = {agent.name.lower(): agent.name for agent in settings.agents}
        self._static = {agent.name for agent in settings.agents if agent.contact}
        self._timers: Timers[str] = Timers()
        self._contacts: dict[str, tuple[SipUri, Peer]] = {}
        for index, agent in enumerate(settings.agents):
            if agent.contact:
                self._contacts[agent.name] = self._static_contact(index, agent.contact)

    def _static_contact(self, index: int, text: str) -> tuple[SipUri, Peer]:
        try:
            uri = SipUri.parse(text)
            return uri, peer_of(uri, self._listen)
        except (MessageError, ValueError) as error:
            raise SettingsError(
                f"agents[{index}].contact", f"{error}; write it as sip:anna@127.0.0.1:6001"
            ) from error

    def rebind(self, listen: Address) -> None:
        """The shell bound port 0: agents are reached from there in truth."""
        self._listen = listen
        for name in self._static:
            uri, _ = self._contacts[name]
            self._contacts[name] = (uri, peer_of(uri, listen))

    def contact(self, agent: str) -> tuple[SipUri, Peer] | None:
        """Where the agent's phone rings."""
        return self._contacts.get(agent)

    def caller(self, request: Request, peer: Peer) -> str:
        """The agent whose phone sent an INVITE: From names them, it came from where they ring."""
        if peer.local != self._listen:
            return ""
        try:
            user = NameAddr.parse(request.headers.get("From") or "").uri.user
        except MessageError:
            return ""
        agent = self._names.get(user.lower(), "")
        contact = self._contacts.get(agent)
        return agent if contact is not None and contact[1].remote[0] == peer.remote[0] else ""

    def register(
        self, request: Request, peer: Peer, now_s: float
    ) -> tuple[int, list[Header], str, bool]:
        """Take a REGISTER: status, headers of the answer, the agent, and whether reachable now.

        The agent is empty where nothing changed.
        """
        try:
            agent = self._names.get(
                NameAddr.parse(request.headers.get("To") or "").uri.user.lower()
            )
            contacts = request.headers.members("Contact")
            if peer.local == self._listen and not self._may_register(peer, agent):
                return 403, [], "", False
            if agent is None or peer.local != self._listen:
                return 404, [], "", False
            refusal = self._passwords.refusal(agent, request, peer.remote[0], now_s)
            if refusal is not None:
                return *refusal, "", False
            if not contacts:
                return 200, self._bindings(agent, now_s), "", False
            return self._bind(agent, contacts, request, peer, now_s)
        except (MessageError, ValueError):
            return 400, [], "", False

    def _may_register(self, peer: Peer, agent: str | None) -> bool:
        return agent not in self._static and self.is_listed(peer.remote[0])

    def is_listed(self, host: str) -> bool:
        """Is this an address of phones?"""
        address = ipaddress.ip_address(host)
        return any(address in network for network in self._networks)

    def kept(self, agent: str) -> dict[str, Any] | None:
        """What is kept of a phone that registered: the next process rings it, too."""
        contact, until_s = self._contacts.get(agent), self._timers.at_s(agent)
        if contact is None or until_s is None:
            return None
        uri, peer = contact
        return {"uri": str(uri), "flow": [*peer.remote, peer.transport], "until_s": until_s}

    def resume(self, name: str, kept: dict[str, Any], shift_s: float, now_s: float) -> bool:
        """A phone of before a restart. False: its time is over, or the agent is not here any more.

        Raises ValueError, KeyError, TypeError, MessageError.
        """
        agent, until_s = self._names.get(name.lower()), float(kept["until_s"]) + shift_s
        if agent is None or agent in self._static or until_s <= now_s:
            return False
        uri, (host, port, transport) = SipUri.parse(str(kept["uri"])), kept["flow"]
        if transport == "udp":
            peer = Peer("udp", self._listen, (str(host), int(port)))
        else:
            peer = peer_of(uri, self._listen)
        self._contacts[agent] = (uri, peer)
        self._timers.start(agent, until_s)
        return True

    def fire(self, now_s: float) -> Iterable[str]:
        """Agents whose registration has ended."""
        ended = self._timers.due(now_s)
        for agent in ended:
            self._contacts.pop(agent, None)
        return ended

    def next_timer_s(self) -> float | None:
        """When `fire` is next needed."""
        return self._timers.next_s()

    def _bind(
        self, agent: str, contacts: list[str], request: Request, peer: Peer, now_s: float
    ) -> tuple[int, list[Header], str, bool]:
        default = request.headers.get("Expires", str(self._limits.register_s_max)) or ""
        if contacts[-1].strip() == "*":
            expires_s = 0
        else:
            address = NameAddr.parse(contacts[-1])
            expires_s = _seconds(address.param("expires") or default)
        if expires_s == 0:
            self._contacts.pop(agent, None)
            self._timers.stop(agent)
            return 200, [], agent, False
        if expires_s < self._limits.register_s_min:
            return 423, [("Min-Expires", str(self._limits.register_s_min))], "", False
        expires_s = min(expires_s, self._limits.register_s_max)
        is_behind = address.uri.host.strip("[]") != peer.remote[0]
        flow = peer if peer.transport != "udp" or is_behind else peer_of(address.uri, self._listen)
        self._contacts[agent] = (address.uri, flow)
        self._timers.start(agent, now_s + expires_s)
        return 200, [("Contact", f"<{address.uri}>;expires={expires_s}")], agent, True

    def _bindings(self, agent: str, now_s: float) -> list[Header]:
        contact = self._contacts.get(agent)
        return [("Contact", f"<{contact[0]}>")] if contact else []


def peer_of(uri: SipUri, local: Address) -> Peer:
    """The flow that reaches a SIP URI whose host is an IP literal (RFC 3263 4).

    Raises:
        ValueError: the host is a name; nothing here resolves names.
    """
    host = uri.host.strip("[]")
    if not is_address(host):
        raise ValueError(f"{host!r} is no IP address")
    transport = transport_of(uri, "udp")
    if transport not in TRANSPORTS:
        raise ValueError(f"transport {transport} is not spoken here")
    return Peer(transport, local, (host, uri.port or port_of(transport)))


def _seconds(text: str) -> int:
    text = text.strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 10):
        raise ValueError(f"expires is no number: {text[:20]}")
    return int(text)
