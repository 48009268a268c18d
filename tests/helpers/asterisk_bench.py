"""An Asterisk and phones, and nothing of NIRC: for tests of the configuration to copy.

Rule of this file: it starts and stops; the phones are those of the demo, with an agent `target` of
another site who is called by moved callers.
"""

from __future__ import annotations

import secrets
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from ami_client import AmiClient
from asterisk_process import HandledAsterisk, asterisk_root

from nirc.demo import json_http
from nirc.demo.asterisk_files import AsteriskPlace
from nirc.demo.asterisk_process import Asterisk
from nirc.demo.asterisk_program import find_program
from nirc.demo.json_http import HttpFailed
from nirc.demo.ports import PortTaker
from nirc.demo.processes import Processes

AGENTS = ("anna", "bruno")
NUMBER = "+351210000001"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What a test needs of it."""

    asterisk: HandledAsterisk
    control: str
    target: str
    "SIP URI of the agent at another site."

    def ami(self) -> AmiClient:
        """A new connection to the manager."""
        return AmiClient(self.asterisk.place.ami, self.asterisk.place.secret)

    def call(
        self,
        dialed: str = NUMBER,
        *,
        data: dict[str, Any] | None = None,
        refer: str = "accept",
        talk_s: float | None = None,
    ) -> int:
        """Ring the PBX; with data the call comes from the IVR."""
        order = {
            "site": "lisbon",
            "trunk_group": "carrier",
            "address": self.asterisk.place.sip,
            "dialed": dialed,
            "refer": refer,
            "from_ivr": data is not None,
            "data": data or {},
            "talk_s": talk_s,
        }
        return int(json_http.send("POST", self.control, "/calls", order)["number"])

    def hang_up(self, number: int) -> None:
        """The caller leaves."""
        json_http.send("DELETE", self.control, f"/calls/{number}", None)

    def story(self, number: int) -> dict[str, Any]:
        """A call's story so far."""
        found = json_http.get(self.control, "/results")
        return next(dict(one) for one in found if one["number"] == number)

    def wait_outcome(self, number: int, within_s: float = 20.0) -> dict[str, Any]:
        """The story of a call that is over."""
        until = time.monotonic() + within_s
        while (story := self.story(number))["outcome"] == "open":
            assert time.monotonic() < until, story
            time.sleep(0.03)
        return story


@contextmanager
def running(folder: Path) -> Iterator[Bench]:
    """A started PBX with its phones, ended whatever happens."""
    take = PortTaker()
    phones, control, target = (f"127.0.0.1:{take()}" for _ in range(3))
    place = AsteriskPlace(
        sip=f"127.0.0.1:{take()}",
        ami=f"127.0.0.1:{take()}",
        secret=secrets.token_hex(8),
        phones=phones,
    )
    processes = Processes(folder / "logs")
    try:
        settings = folder / "phones.yaml"
        settings.write_text(_phones(phones, control, target, take()))
        command = [sys.executable, "-m", "site_agent", "phones", "--config", str(settings)]
        processes.start("phones", command)
        program = find_program(asterisk_root())
        asterisk = Asterisk("asterisk", folder / "asterisk", place, processes, program)
        _wait_for(control)
        asterisk.start()
        asterisk.wait_phones(AGENTS)
        yield Bench(
            asterisk=HandledAsterisk(asterisk, processes),
            control=control,
            target=f"sip:target@{target}",
        )
    finally:
        processes.stop_all()


def _phones(phones: str, control: str, target: str, callers_port: int) -> str:
    quick = {"answer_after_s": [0.05, 0.1], "talk_s": [0.8, 1.2]}
    agents = [{"name": one, "site": "lisbon", "listen": phones, **quick} for one in AGENTS]
    document = {
        "callers_listen": f"127.0.0.1:{callers_port}",
        "ivr_listen": f"127.0.0.9:{callers_port}",
        "control_listen": control,
        "agents": [*agents, {"name": "target", "site": "porto", "listen": target, **quick}],
    }
    return yaml.safe_dump(document)


def _wait_for(control: str) -> None:
    until = time.monotonic() + 20.0
    while True:
        try:
            json_http.get(control, "/status")
            return
        except HttpFailed:
            assert time.monotonic() < until, "the phones did not come up"
            time.sleep(0.05)
