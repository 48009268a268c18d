"""The balancer itself: what comes in at its doors, and what goes out by them.

Rule of this file: pure; bytes and the time in, bytes out. It keeps no transactions: whoever sends
again is passed on again, to the same member. Only who is listed may send, a response is taken from
members, or goes to one. Source: RFC 3261 16.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from ipaddress import ip_address
from typing import Any

from nrcli.sip.errors import MessageError
from nrcli.sip.flow import Peer
from nrcli.sip.message import NameAddr, Request, Response, parse
from nrcli.sip.via import TopVia, tag_of, top_via
from nrcli.sip.wire import ReplyBase
from site_agent.balancer.call_book import BookedCall, CallBook
from site_agent.balancer.forwarding import (
    given_back,
    next_hop,
    passed_on,
    record_route,
    without_own_routes,
)
from site_agent.balancer.members import Member, Members, Standing
from site_agent.balancer.probing import Prober
from site_agent.balancer.settings import Address, BalancerSettings, Door, MemberSettings

RETRY_AFTER = "Retry-After: 5\r\n"
Sends = list[tuple[Peer, bytes]]


class Balancer:
    """One address for several members."""

    def __init__(
        self,
        settings: BalancerSettings,
        members: Iterable[MemberSettings],
        new_id: Callable[[], str],
    ) -> None:
        self.members = Members(settings, members)
        self.book = CallBook(settings)
        self.counts: Counter[str] = Counter()
        "What happened: passed_on, given_back, refused, foreign, tried_again, ..."
        self._settings = settings
        self._new_id = new_id
        self._doors = {door.listen: door for door in settings.doors}
        self._prober = Prober(settings, self.members, new_id)

    def bound(self, door: Door, address: Address) -> None:
        """A door's listen address is open, perhaps at another port than was asked for."""
        self._doors = {at: one for at, one in self._doors.items() if one is not door}
        self._doors[address] = door

    def use(self, members: Iterable[MemberSettings]) -> list[str]:
        """From now on these are the members; the names of those that are gone."""
        return self.members.use(members)

    # ---- what comes in -----------------------------------------------------------------------

    def receive(self, data: bytes, peer: Peer, now_s: float) -> Sends:
        """A message came in."""
        door = self._doors.get(peer.local)
        if door is None or not self._may_send(door, peer):
            self.counts["foreign"] += 1
            return []
        request: Request | None = None
        try:
            message = parse(data)
            if isinstance(message, Response):
                return self._response(message, peer, now_s)
            request = message
            return self._request(message, door, peer, now_s)
        except MessageError as error:
            self.counts["refused"] += 1
            return _refusal(error, error.request or request, peer)

    def _may_send(self, door: Door, peer: Peer) -> bool:
        if self.members.speaks(peer.transport, peer.remote):
            return True
        address = ip_address(peer.remote[0])
        return any(address in network for network in door.peers)

    def _request(self, request: Request, door: Door, peer: Peer, now_s: float) -> Sends:
        headers = request.headers
        call_id, to = headers.get("call-id") or "", headers.get("to") or ""
        if not call_id or not to:
            raise MessageError(400, "Missing Call-ID or To", request)
        routed = without_own_routes(request, frozenset(self._doors))
        if request.method == "OPTIONS" and not tag_of(to) and not routed:
            return self._options(request, door, peer)
        if request.method == "REGISTER":
            return self._register(request, door, peer)
        call = self.book.get(call_id, now_s)
        if self.members.speaks(peer.transport, peer.remote):
            return self._from_member(request, call, peer)
        if tag_of(to) or routed:
            return self._within_call(request, door, call, peer)
        if request.method == "INVITE":
            return self._invite(request, door, call, peer, now_s)
        return self._beside(request, door, call, peer)

    def _invite(
        self, request: Request, door: Door, call: BookedCall | None, peer: Peer, now_s: float
    ) -> Sends:
        """A new call, or one that is sent again."""
        member = self.members.get(call.member) if call is not None else None
        was = member.settings.name if member is not None else ""
        if (
            call is not None
            and member is not None
            and _is_deaf(member, call, self._settings.silent_s, now_s)
        ):
            self.counts["tried_again"] += 1
            self.members.kept_silent(member)
            member = None
        if member is None:
            member = self.members.for_call(door.name, but=was)
            if member is None:
                raise MessageError(503, "No member takes calls", request)
            call_id = request.headers.get("call-id") or ""
            self.book.put(call_id, member.settings.name, peer, now_s)
        if self._settings.record_route:
            record_route(request, peer.local, peer.transport)
        return self._to_member(request, door, member, peer)

    def _beside(self, request: Request, door: Door, call: BookedCall | None, peer: Peer) -> Sends:
        """CANCEL, the ACK of a refusal, and what else names no call that stands."""
        member = self.members.get(call.member) if call is not None else None
        if member is None and request.method == "ACK":
            return []
        if member is None and request.method == "CANCEL":
            raise MessageError(481, "", request)
        if member is None:
            member = self.members.for_call(door.name)
        if member is None:
            raise MessageError(503, "No member takes calls", request)
        return self._to_member(request, door, member, peer)

    def _from_member(self, request: Request, call: BookedCall | None, peer: Peer) -> Sends:
        """A member speaks to the caller of a call, or to a telephone that logged in here."""
        target = self._caller_of(request, call, peer)
        is_new = request.method == "INVITE" and not tag_of(request.headers.get("to") or "")
        if is_new and self._settings.record_route:
            record_route(request, peer.local, peer.transport)
        return self._send(request, target, peer)

    def _within_call(
        self, request: Request, door: Door, call: BookedCall | None, peer: Peer
    ) -> Sends:
        """Something within a call, for a member."""
        hop = next_hop(request)
        member = self.members.by_address(door.name, hop) if hop is not None else None
        if member is None and call is not None:
            member = self.members.get(call.member)
        if member is None:
            if request.method == "ACK":
                return []
            raise MessageError(481, "", request)
        return self._to_member(request, door, member, peer)

    def _caller_of(self, request: Request, call: BookedCall | None, peer: Peer) -> Peer:
        if call is not None and call.caller.local == peer.local:
            return call.caller
        hop = next_hop(request)
        if hop is None:
            raise MessageError(404, "No address to send to", request)
        return Peer(peer.transport, peer.local, hop)

    def _register(self, request: Request, door: Door, peer: Peer) -> Sends:
        name = NameAddr.parse(request.headers.get("to") or "").uri.user
        member = self.members.for_agent(door.name, name)
        if member is None:
            raise MessageError(503, "No member takes log-ins", request)
        return self._to_member(request, door, member, peer)

    def _options(self, request: Request, door: Door, peer: Peer) -> Sends:
        """Does this address take calls?"""
        ready = any(
            one.may_get(door.name) and one.standing in (Standing.UP, Standing.UNKNOWN)
            for one in self.members
        )
        reply = ReplyBase(request, top_via(request.headers), peer.remote)
        if ready:
            return [(peer, reply.response(200, "", self._new_id()))]
        return [(peer, reply.response(503, "", self._new_id(), RETRY_AFTER))]

    # ---- what goes out -----------------------------------------------------------------------

    def _to_member(self, request: Request, door: Door, member: Member, peer: Peer) -> Sends:
        address = member.settings.addresses.get(door.name)
        if address is None:
            raise MessageError(404, "That member has no such door", request)
        return self._send(request, Peer(peer.transport, peer.local, address), peer)

    def _send(self, request: Request, target: Peer, peer: Peer) -> Sends:
        self.counts["passed_on"] += 1
        return [(target, passed_on(request, peer.local, peer.transport, peer.remote))]

    def _response(self, response: Response, peer: Peer, now_s: float) -> Sends:
        if self._prober.answered(response, peer):
            return []
        own, data = given_back(response)
        from_member = self.members.speaks(peer.transport, peer.remote)
        if own.local not in self._doors or not (
            from_member or self.members.speaks(own.transport, own.source)
        ):
            self.counts["foreign"] += 1
            return []
        call = self.book.get(response.headers.get("call-id") or "", now_s)
        if call is not None and from_member:
            call.heard = True
            if member := self.members.get(call.member):
                self.members.said(member)
        self.counts["given_back"] += 1
        return [(Peer(own.transport, own.local, own.source), data)]

    def failed(self, peer: Peer) -> None:
        """Nothing can be sent on this flow: who listens there is down until it answers."""
        for member in self.members:
            if peer.remote in member.settings.addresses.values():
                member.standing = Standing.DOWN
                self.counts["unreachable"] += 1

    # ---- are they there ----------------------------------------------------------------------

    def next_timer_s(self) -> float:
        """When `fire` is needed next."""
        return self._prober.next_at_s

    def fire(self, now_s: float) -> Sends:
        """Ask every member whether it is there."""
        return self._prober.ask(self._doors, now_s)

    # ---- for people --------------------------------------------------------------------------

    def status(self) -> dict[str, Any]:
        """How the members stand."""
        return {
            "balancer": self._settings.name,
            "members": [
                {
                    "name": one.settings.name,
                    "standing": one.standing.value,
                    "draining": one.settings.draining,
                    "weight": one.settings.weight,
                    "calls_given": one.calls_count,
                    "logins_given": one.logins_count,
                    "calls_remembered": self.book.of_member(one.settings.name),
                }
                for one in self.members
            ],
            "counts": dict(sorted(self.counts.items())),
        }


def _refusal(error: MessageError, request: Request | None, peer: Peer) -> Sends:
    """What a bad request is answered with; nothing for an ACK or what is no request."""
    if request is None or request.method == "ACK":
        return []
    via: TopVia | None = None
    try:
        via = top_via(request.headers)
    except MessageError:
        if error.status != 505 or "via" not in request.headers:
            return []
    tag = "" if tag_of(request.headers.get("to") or "") else "balancer"
    extra = RETRY_AFTER if error.status == 503 else ""
    return [
        (
            peer,
            ReplyBase(request, via, peer.remote).response(error.status, error.reason, tag, extra),
        )
    ]


def _is_deaf(member: Member, call: BookedCall, silent_s: float, now_s: float) -> bool:
    """The member has answered this call with nothing, for too long or because it is down."""
    if call.heard:
        return False
    return now_s - call.first_at_s >= silent_s or member.standing is Standing.DOWN
