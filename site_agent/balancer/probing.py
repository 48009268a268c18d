"""Asks every member by OPTIONS whether it is there, and notes what it answers.

Rule of this file: pure; it makes the questions and reads the answers, the standing of a member is
decided in `members`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from nrcli.sip.flow import Peer
from nrcli.sip.message import Response
from nrcli.sip.via import top_via
from nrcli.sip.wire import OutgoingRequest
from site_agent.balancer.members import Member, Members
from site_agent.balancer.settings import Address, BalancerSettings, Door

FINAL = 200
"Responses below only say that somebody works on it."


class Prober:
    """All questions that are open."""

    def __init__(
        self, settings: BalancerSettings, members: Members, new_id: Callable[[], str]
    ) -> None:
        self.next_at_s = 0.0
        "When all are asked again."
        self._settings = settings
        self._members = members
        self._new_id = new_id
        self._asked: dict[str, str] = {}
        "Names of those who have not answered, by the branch of the question."

    def ask(self, doors: Mapping[Address, Door], now_s: float) -> list[tuple[Peer, bytes]]:
        """Questions to all, if it is time; who did not answer the last one has missed it."""
        if now_s < self.next_at_s:
            return []
        self.next_at_s = now_s + self._settings.probe_s
        for name in self._asked.values():
            if member := self._members.get(name):
                self._members.not_answered(member)
        self._asked.clear()
        return [self._question(member, doors) for member in self._members]

    def _question(self, member: Member, doors: Mapping[Address, Door]) -> tuple[Peer, bytes]:
        name, address = next(iter(member.settings.addresses.items()))
        local, door = next((at, door) for at, door in doors.items() if door.name == name)
        transport, branch = door.transports[0], f"z9hG4bK{self._new_id()}"
        self._asked[branch] = member.settings.name
        here, there = _hostport(local), _hostport(address)
        request = OutgoingRequest(
            "OPTIONS",
            f"sip:{there}",
            f"{transport.upper()} {here}",
            branch,
            f"<sip:balancer@{here}>;tag={self._new_id()}",
            f"<sip:{there}>",
            self._new_id(),
            1,
        )
        return Peer(transport, local, address), request.encode()

    def answered(self, response: Response, peer: Peer) -> bool:
        """Is it an answer to a question of ours? Raises MessageError for a Via that is none."""
        branch = top_via(response.headers).branch
        name = self._asked.get(branch)
        if name is None:
            return False
        member = self._members.get(name)
        if member is None or response.status < FINAL:
            return True
        if peer.remote[0] in {address[0] for address in member.settings.addresses.values()}:
            del self._asked[branch]
            self._members.answered(member, response.status)
        return True


def _hostport(address: Address) -> str:
    host, port = address
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
