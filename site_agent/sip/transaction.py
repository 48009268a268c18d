"""Runs transactions by their tables, and finds the one a message belongs to.

Rule of this file: what happens in a state is read from transaction_tables and nowhere else; a sign
that must not come raises `LocalProtocolError` and changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from typing import Any

from nrcli.sip.errors import LocalProtocolError
from nrcli.sip.message import Response
from site_agent.sip.settings import SipSettings
from site_agent.sip.signals import Output, Peer, SendBytes
from site_agent.sip.timers import Timer, Timers
from site_agent.sip.transaction_tables import (
    INVITE_SERVER,
    TIMERS,
    Do,
    Machine,
    Sign,
)

Tell = Callable[["Transaction", Sign, Response | None, float], None]
AckOf = Callable[[Response], bytes]


class Transaction:
    """One client or server transaction.

    `wire` is the last message sent and what a retransmission sends; `owner` belongs to whoever
    began it.
    """

    __slots__ = (
        "ack_of",
        "cap_s",
        "interval_s",
        "key",
        "linger",
        "machine",
        "owner",
        "peer",
        "repeat",
        "state",
        "tell",
        "wire",
    )

    def __init__(  # noqa: PLR0917
        self, machine: Machine, key: str, peer: Peer, wire: bytes, owner: Any, tell: Tell | None
    ) -> None:
        self.machine = machine
        self.key = key
        self.peer = peer
        self.wire = wire
        self.owner = owner
        self.tell = tell
        self.state = machine.start[0]
        self.ack_of: AckOf | None = None
        self.interval_s = self.cap_s = 0.0
        self.repeat: Timer | None = None
        self.linger: Timer | None = None


class Transactions:
    """All transactions of one user agent, by key.

    Keys: the branch, sent-by and method of the top Via for servers (RFC 3261 17.2.3), branch and
    method for clients (17.1.3); the caller makes them.
    """

    __slots__ = ("_do", "_durations", "_on_tcp", "_timers", "clients", "out", "servers")

    def __init__(self, settings: SipSettings, timers: Timers) -> None:
        self.servers: dict[str, Transaction] = {}
        self.clients: dict[str, Transaction] = {}
        self.out: list[Output] = []
        "Where SendBytes go; the user agent gives a new list for every call."
        self._on_tcp: dict[Peer, dict[Transaction, None]] = {}
        "By connection: thousands may fail at once, each must find its own without a search."
        self._timers = timers
        self._durations = {do: _durations(do, settings) for do in TIMERS}
        self._do: dict[Do, Callable[[Transaction, Sign, Response | None, float], None]] = {
            Do.RESEND: self._resend,
            Do.ACKNOWLEDGE: self._acknowledge,
            Do.TELL: self._tell,
            Do.AGAIN: self._again,
            Do.SLOWLY: self._slowly,
            Do.STOP: self._stop,
            Do.END: self._end,
        }

    def __len__(self) -> int:
        return len(self.servers) + len(self.clients)

    def serve(  # noqa: PLR0917
        self,
        machine: Machine,
        key: str,
        peer: Peer,
        owner: object,
        tell: Tell | None,
        now_s: float,
    ) -> Transaction:
        """Begin a server transaction."""
        transaction = Transaction(machine, key, peer, b"", owner, tell)
        self.servers[key] = transaction
        self._remember_flow(transaction)
        self._start(transaction, now_s)
        return transaction

    def send(  # noqa: PLR0917
        self,
        machine: Machine,
        key: str,
        peer: Peer,
        wire: bytes,
        owner: object,
        tell: Tell | None,
        now_s: float,
        ack_of: AckOf | None = None,
    ) -> Transaction:
        """Begin a client transaction: sends its request."""
        transaction = Transaction(machine, key, peer, wire, owner, tell)
        transaction.ack_of = ack_of
        self.clients[key] = transaction
        self._remember_flow(transaction)
        self._start(transaction, now_s)
        return transaction

    def sign(
        self, transaction: Transaction, sign: Sign, now_s: float, response: Response | None = None
    ) -> None:
        """Let a sign happen to a transaction.

        Raises: LocalProtocolError where the table says NEVER; nothing has changed then.
        """
        move = transaction.machine.moves[transaction.state, sign]
        if move is None:
            raise LocalProtocolError(
                f"{transaction.machine.name} transaction in {transaction.state.name}"
                f" takes no {sign.name}"
            )
        transaction.state, actions = move
        for do in actions:
            if do in self._durations:
                self._start_timer(transaction, do, now_s)
            elif do is not Do.SEND:
                self._do[do](transaction, sign, response, now_s)

    def respond(self, transaction: Transaction, status: int, wire: bytes, now_s: float) -> None:
        """Send a response of ours through its transaction."""
        if status < 200:
            sign = Sign.SEND_1XX
        elif status < 300 and transaction.machine is INVITE_SERVER:
            sign = Sign.SEND_2XX
        else:
            sign = Sign.SEND_FINAL
        self.sign(transaction, sign, now_s)
        transaction.wire = wire
        self.out.append(SendBytes(peer=transaction.peer, data=wire))

    def failed(self, peer: Peer, now_s: float) -> None:
        """The transport could not send to a peer."""
        if peer.transport != "udp":
            found = list(self._on_tcp.get(peer, ()))
        else:
            tables = (self.clients, self.servers)
            found = [t for table in tables for t in table.values() if t.peer == peer]
        for transaction in found:
            self.sign(transaction, Sign.FAILED, now_s)

    def _remember_flow(self, transaction: Transaction) -> None:
        if transaction.peer.transport != "udp":
            self._on_tcp.setdefault(transaction.peer, {})[transaction] = None

    def _start(self, transaction: Transaction, now_s: float) -> None:
        for do in transaction.machine.start[1]:
            if do in self._durations:
                self._start_timer(transaction, do, now_s)
            else:
                self._do[do](transaction, Sign.REQUEST, None, now_s)

    def _start_timer(self, transaction: Transaction, do: Do, now_s: float) -> None:
        over_udp, over_tcp, cap_s, sign = self._durations[do]
        duration = over_udp if transaction.peer.transport == "udp" else over_tcp
        if duration is None:
            return
        timer = self._timers.start_fixed(now_s, duration, self._fire, transaction, sign)
        if sign is Sign.RETRANSMIT:
            transaction.interval_s = duration
            transaction.cap_s = cap_s
            transaction.repeat = timer
        else:
            transaction.linger = timer

    def _fire(self, transaction: Transaction, sign: Sign, now_s: float) -> None:
        self.sign(transaction, sign, now_s)

    def _resend(self, t: Transaction, sign: Sign, response: Response | None, now_s: float) -> None:
        if t.wire:
            self.out.append(SendBytes(peer=t.peer, data=t.wire))

    def _acknowledge(
        self, t: Transaction, sign: Sign, response: Response | None, now_s: float
    ) -> None:
        if t.ack_of is not None and response is not None:
            self.out.append(SendBytes(peer=t.peer, data=t.ack_of(response)))

    def _tell(self, t: Transaction, sign: Sign, response: Response | None, now_s: float) -> None:
        if t.tell is not None:
            t.tell(t, sign, response, now_s)

    def _again(self, t: Transaction, sign: Sign, response: Response | None, now_s: float) -> None:
        t.interval_s = min(t.interval_s * 2, t.cap_s)
        t.repeat = self._timers.start(now_s + t.interval_s, self._fire, t, Sign.RETRANSMIT)

    def _slowly(self, t: Transaction, sign: Sign, response: Response | None, now_s: float) -> None:
        t.interval_s = t.cap_s

    def _stop(self, t: Transaction, sign: Sign, response: Response | None, now_s: float) -> None:
        self._timers.stop(t.repeat)
        self._timers.stop(t.linger)
        t.repeat = t.linger = None

    def _end(self, t: Transaction, sign: Sign, response: Response | None, now_s: float) -> None:
        for table in (self.servers, self.clients):
            if table.get(t.key) is t:
                del table[t.key]
        mine = self._on_tcp.get(t.peer)
        if mine is not None:
            mine.pop(t, None)
            if not mine:
                del self._on_tcp[t.peer]


def _durations(do: Do, settings: SipSettings) -> tuple[float, float | None, float, Sign]:
    """Seconds over UDP, over TCP (None: not started), the cap of a doubled one, and the sign."""
    rule = TIMERS[do]
    over_udp = float(getattr(settings, rule.setting)) * rule.factor
    over_tcp = {"same": over_udp, "zero": 0.0, "none": None}[rule.over_tcp]
    cap_s = float(getattr(settings, rule.cap)) if rule.cap else inf
    return over_udp, over_tcp, cap_s, rule.sign
