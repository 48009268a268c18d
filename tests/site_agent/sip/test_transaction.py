"""Transactions send, repeat and end by their tables."""

from itertools import pairwise

import pytest

from nrcli.sip.errors import LocalProtocolError
from nrcli.sip.message import Headers, Response
from site_agent.sip.settings import SipSettings
from site_agent.sip.signals import Peer
from site_agent.sip.timers import Timers
from site_agent.sip.transaction import Transactions
from site_agent.sip.transaction_tables import (
    INVITE_CLIENT,
    INVITE_SERVER,
    MACHINES,
    OTHER_CLIENT,
    Machine,
    Sign,
    State,
)

UDP = Peer("udp", ("a", 1), ("b", 2))
TCP = Peer("tcp", ("a", 1), ("b", 2))


class Bench:
    def __init__(self) -> None:
        self.timers = Timers()
        self.transactions = Transactions(SipSettings(), self.timers)
        self.told: list[tuple[Sign, float]] = []

    def tell(self, transaction: object, sign: Sign, response: object, now_s: float) -> None:
        self.told.append((sign, now_s))

    def sent_at(self, until_s: float) -> list[float]:
        """Let time pass; when something was sent."""
        times = []
        while (at_s := self.timers.next_s()) is not None and at_s <= until_s:
            before = len(self.transactions.out)
            self.timers.fire(at_s)
            times += [at_s] * (len(self.transactions.out) - before)
        return times


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_an_invite_is_repeated_with_doubled_intervals_until_timer_b(bench: Bench) -> None:
    bench.transactions.send(INVITE_CLIENT, "k", UDP, b"I", None, bench.tell, 0.0)
    assert bench.sent_at(100.0) == [0.5, 1.5, 3.5, 7.5, 15.5, 31.5]
    assert bench.told == [(Sign.TIMEOUT, 32.0)]
    assert len(bench.transactions) == 0


def test_other_requests_are_repeated_at_most_every_t2(bench: Bench) -> None:
    bench.transactions.send(OTHER_CLIENT, "k", UDP, b"O", None, bench.tell, 0.0)
    times = bench.sent_at(100.0)
    assert times[:4] == [0.5, 1.5, 3.5, 7.5]
    assert all(later - earlier == 4.0 for earlier, later in pairwise(times[3:]))


def test_over_tcp_nothing_is_repeated(bench: Bench) -> None:
    bench.transactions.send(INVITE_CLIENT, "k", TCP, b"I", None, bench.tell, 0.0)
    assert bench.sent_at(100.0) == []
    assert bench.told == [(Sign.TIMEOUT, 32.0)]


def test_a_final_is_acknowledged_each_time_it_comes(bench: Bench) -> None:
    transaction = bench.transactions.send(
        INVITE_CLIENT, "k", UDP, b"I", None, bench.tell, 0.0, lambda response: b"A"
    )
    response = Response(486, "", Headers())
    for _ in range(3):
        bench.transactions.sign(transaction, Sign.GOT_FINAL, 1.0, response)
    assert [output.data for output in bench.transactions.out] == [b"I", b"A", b"A", b"A"]
    assert bench.told == [(Sign.GOT_FINAL, 1.0)]


def test_a_refusal_is_repeated_until_the_ack_then_timer_i(bench: Bench) -> None:
    transaction = bench.transactions.serve(INVITE_SERVER, "k", UDP, None, bench.tell, 0.0)
    bench.transactions.respond(transaction, 302, b"R", 0.0)
    assert bench.sent_at(10.0) == [0.5, 1.5, 3.5, 7.5]
    bench.transactions.sign(transaction, Sign.ACK, 10.0)
    assert bench.sent_at(14.9) == []
    assert len(bench.transactions) == 1
    bench.sent_at(15.0)
    assert len(bench.transactions) == 0


def test_a_2xx_absorbs_repeated_invites_for_timer_l(bench: Bench) -> None:
    transaction = bench.transactions.serve(INVITE_SERVER, "k", UDP, None, bench.tell, 0.0)
    bench.transactions.respond(transaction, 200, b"R", 0.0)
    bench.transactions.sign(transaction, Sign.REQUEST, 1.0)
    assert len(bench.transactions.out) == 1
    assert transaction.state is State.ACCEPTED
    bench.sent_at(32.0)
    assert len(bench.transactions) == 0


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.name)
def test_what_must_not_happen_raises_and_changes_nothing(machine: Machine) -> None:
    bench = Bench()
    for (state, sign), move in machine.moves.items():
        if move is not None:
            continue
        transaction = bench.transactions.serve(machine, "k", UDP, None, bench.tell, 0.0)
        transaction.state = state
        before = len(bench.timers), len(bench.transactions.out), len(bench.told)
        with pytest.raises(LocalProtocolError):
            bench.transactions.sign(transaction, sign, 1.0)
        after = len(bench.timers), len(bench.transactions.out), len(bench.told)
        assert transaction.state is state
        assert after == before


def test_a_flow_that_failed_ends_its_requests(bench: Bench) -> None:
    bench.transactions.send(OTHER_CLIENT, "k", UDP, b"O", None, bench.tell, 0.0)
    bench.transactions.send(OTHER_CLIENT, "l", TCP, b"O", None, bench.tell, 0.0)
    bench.transactions.failed(TCP, 1.0)
    assert bench.told == [(Sign.FAILED, 1.0)]
    assert len(bench.transactions) == 1


def test_transactions_of_a_connection_are_forgotten_with_them(bench: Bench) -> None:
    made = bench.transactions
    for number in range(3):
        made.send(OTHER_CLIENT, f"k{number} OPTIONS", TCP, b"x", None, bench.tell, 0.0)
    made.serve(INVITE_SERVER, "s INVITE", TCP, None, bench.tell, 0.0)
    made.failed(TCP, 1.0)
    made.failed(TCP, 2.0)
    assert [sign for sign, _ in bench.told].count(Sign.FAILED) >= 3
    bench.sent_at(1000.0)
    assert not made.clients
    assert set(made._on_tcp.get(TCP, ())) == set(made.servers.values())
