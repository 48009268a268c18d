"""The faults of paths between hosts: cut, delay, jitter, loss, reordering, each by direction.

Rule of this file: what a path suffers is kept here and written to the receiver's packet filter, so
that the sender sees no error; `heal` undoes all of it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.helpers.lab_hosts import Hosts, LabUnavailable

SHAPER = Path(__file__).with_name("lab_shaper.py")


@dataclass(frozen=True, slots=True, kw_only=True)
class Weather:
    """What packets of a path meet. Milliseconds; shares from 0 to 1."""

    delay_ms: float = 0.0
    jitter_ms: float = 0.0
    loss: float = 0.0
    reorder: float = 0.0
    "This share of the packets overtakes the others."
    match: str = ""
    """Only UDP datagrams that begin so, e.g. `INVITE sip:nirc-`; empty: everything. What
    follows looks at UDP alone."""
    to_port: int = 0
    "Only UDP datagrams to this port; 0: to any."
    duplicate: float = 0.0
    "This share arrives twice."
    refuse: int = 0
    "SIP requests do not arrive: their sender hears this status; 0: they do."


class Paths:
    """All directed paths of a lab: `with Paths(hosts) as paths:`."""

    def __init__(self, hosts: Hosts, seed: int = 1) -> None:
        self._hosts = hosts
        self._seed = seed
        self._cut: set[tuple[str, str]] = set()
        self._weather: dict[tuple[str, str], Weather] = {}
        self._deaf: dict[str, tuple[tuple[str, int], ...]] = {}
        self._shaper: subprocess.Popen[str] | None = None

    def __enter__(self) -> Paths:
        return self

    def __exit__(self, *_: object) -> None:
        if self._shaper is not None:
            self._shaper.kill()
            self._shaper.wait()
            for pipe in (self._shaper.stdin, self._shaper.stdout):
                if pipe is not None:
                    pipe.close()

    def cut(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Swallow what the first of each pair sends to the second."""
        self._change(cut=self._cut | set(pairs), weather=self._weather)

    def isolate(self, host: str, others: Sequence[str] = (), *, ways: str = "both") -> None:
        """Cut a host from `others` (none: all); ways: both, out (what it sends) or in."""
        found: set[tuple[str, str]] = set()
        for other in others or [name for name in self._hosts.names if name != host]:
            if ways in ("both", "out"):
                found.add((host, other))
            if ways in ("both", "in"):
                found.add((other, host))
        self.cut(found)

    def shape(self, pairs: Iterable[tuple[str, str]], weather: Weather) -> None:
        """Give these directed paths a weather."""
        self._change(cut=self._cut, weather=self._weather | dict.fromkeys(pairs, weather))

    def between(self, ones: Sequence[str], others: Sequence[str]) -> list[tuple[str, str]]:
        """Every path between hosts of two groups, both ways."""
        pairs = [(one, other) for one in ones for other in others if one != other]
        return [*pairs, *((other, one) for one, other in pairs)]

    def deafen(self, host: str, ports: Sequence[int], protocol: str = "tcp") -> None:
        """A host hears nothing to or from these ports, its own processes' words included."""
        self._deaf[host] = tuple((protocol, port) for port in ports)
        self._hosts.rules(host, self._rules(host))

    def heal(self) -> None:
        """Every path is whole again."""
        deaf, self._deaf = tuple(self._deaf), {}
        self._change(cut=set(), weather={})
        for host in deaf:
            self._hosts.rules(host, self._rules(host))

    def _change(
        self, *, cut: set[tuple[str, str]], weather: dict[tuple[str, str], Weather]
    ) -> None:
        touched = {receiver for _, receiver in self._cut ^ cut}
        touched |= {to for _, to in self._weather.keys() ^ weather.keys()}
        self._cut, self._weather = cut, weather
        if weather or self._shaper is not None:
            self._tell_shaper()
        for receiver in sorted(touched):
            self._hosts.rules(receiver, self._rules(receiver))

    def _rules(self, receiver: str) -> list[str]:
        rules = [
            f"-A FAULT -p {protocol} --{end}port {port} -j DROP"
            for protocol, port in self._deaf.get(receiver, ())
            for end in ("s", "d")
        ]
        for number, sender in enumerate(self._hosts.names):
            source = f"-A FAULT -s {self._hosts.address[sender]}"
            if (sender, receiver) in self._cut:
                rules.append(f"{source} -j DROP")
            elif (sender, receiver) in self._weather:
                rules.append(f"{source} -j NFQUEUE --queue-num {number} --queue-bypass")
        return rules

    def _tell_shaper(self) -> None:
        if self._shaper is None:
            pairs = [f"{host}={self._hosts.namespace(host)}" for host in self._hosts.names]
            self._shaper = subprocess.Popen(
                [sys.executable, str(SHAPER), str(self._seed), *pairs],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                start_new_session=True,
            )
            self._expect("ready")
        rules = {f"{a} {b}": asdict(weather) for (a, b), weather in self._weather.items()}
        assert self._shaper.stdin is not None
        print(json.dumps(rules), file=self._shaper.stdin, flush=True)
        self._expect("done")

    def _expect(self, word: str) -> None:
        assert self._shaper is not None and self._shaper.stdout is not None
        if self._shaper.stdout.readline().strip() != word:
            raise LabUnavailable("the process that holds packets back has ended")
