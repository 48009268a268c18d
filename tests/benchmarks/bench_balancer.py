"""Measures how many SIP messages a second one balancer's core passes on.

Whole calls between a caller and two members, without sockets: INVITE, 180, 200, ACK, BYE, 200; each
message is read, decided upon and written again.
"""

import time

from balancer_wire import CALLER, DOOR, OUTSIDE, answer, balancer, request
from bench_report import report

from nrcli.sip.flow import Peer

NAMES = ("balancer_messages_per_s",)
CALLS = 4_000


def main() -> None:
    found = balancer()
    began_s, count = time.perf_counter(), 0
    asked_s = 0.0
    for number in range(CALLS):
        made_s = time.perf_counter()
        call = f"c{number}"
        invite, ack, bye = (
            request(call=call),
            request("ACK", call=call, tag="m1"),
            request("BYE", call=call, tag="m1"),
        )
        asked_s += time.perf_counter() - made_s
        for data, statuses in ((invite, (180, 200)), (ack, ()), (bye, (200,))):
            [(member, sent)] = found.receive(data, OUTSIDE, number * 0.001)
            count += 1
            for status in statuses:
                made_s = time.perf_counter()
                said = answer(sent, status)
                asked_s += time.perf_counter() - made_s
                [(peer, _)] = found.receive(said, Peer("udp", DOOR, member.remote), 0.0)
                assert peer.remote == CALLER
                count += 1
    took_s = time.perf_counter() - began_s - asked_s
    print(f"  {CALLS} calls, {count} messages in {took_s:.2f} s")
    report("balancer_messages_per_s", count / took_s, "messages/s", 10_000, "higher")


if __name__ == "__main__":
    main()
