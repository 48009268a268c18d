"""A whole small network as processes, for tests: built like the demo's, in a folder of the test's.

Rule of this file: what every test needs (start, orders to the phones, waiting, `assert_clean`);
the scenes themselves stand in the tests. Nothing waits for a fixed time.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nirc.demo import checkers, observe
from nirc.demo.json_http import HttpFailed
from nirc.demo.layout import NetworkShape, SiteShape, TrunkShape, build_layout
from nirc.demo.network import Network
from nirc.demo.phones_file import Load
from nirc.demo.ports import PortTaker

WAIT_S_MAX = 60.0
TRUNKS = (
    TrunkShape(name="carrier", answer_after_s=20.0, redirect_302=True, takes_refer=True),
    TrunkShape(name="pbx", answer_after_s=0.0, redirect_302=False, takes_refer=True),
    TrunkShape(name="legacy", answer_after_s=0.0, redirect_302=False, takes_refer=False),
)
SMALL = NetworkShape(
    sites=(
        SiteShape(name="lisbon", agents=("anna",)),
        SiteShape(name="porto", agents=("diogo", "elsa")),
    ),
    trunks=TRUNKS,
    acw_s=0.2,
    ring_s=2.0,
    rona_rest_s=0.5,
    ask_after_s=0.2,
    requery_s=0.5,
    router={"hole_outcomes_min": 1_000},
)
"Phones here misbehave all day: whoever wants black holes to be found says so."


def wait_until(what: str, is_so: Callable[[], bool], within_s: float = WAIT_S_MAX) -> None:
    """Wait for a condition, generously. Raises TimeoutError with `what`."""
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        try:
            if is_so():
                return
        except HttpFailed:
            pass
        time.sleep(0.03)
    raise TimeoutError(f"waited {within_s:.0f} s in vain until {what}")


@dataclass(frozen=True, slots=True)
class PlacedCall:
    """A call that the phones placed for a test."""

    network: TestNetwork
    number: int

    @property
    def result(self) -> dict[str, Any]:
        """Its story so far."""
        for one in self.network.phones_results():
            if one["number"] == self.number:
                return one
        return {"outcome": "open", "agent": ""}

    def wait_connected(self) -> dict[str, Any]:
        """Wait until an agent talks, and return the story."""
        wait_until(
            f"call {self.number} reaches an agent",
            lambda: bool(self.result["agent"]) or self.result["outcome"] != "open",
        )
        return self.result

    def wait_over(self) -> dict[str, Any]:
        """Wait for the outcome, and return the story."""
        wait_until(f"call {self.number} ends", lambda: self.result["outcome"] != "open")
        return self.result

    def hang_up(self) -> None:
        """The caller leaves."""
        self.network.phones_order("DELETE", f"/calls/{self.number}")


class TestNetwork(Network):
    """A network with what tests ask of it."""

    __test__ = False

    def place(
        self,
        site: str,
        trunk: str,
        *,
        data: dict[str, Any] | None = None,
        talk_s: float | None = None,
        patience_s: float = 60.0,
        refer: str = "",
        dialed: str = "+351210000001",
        reaches: dict[str, str] | None = None,
    ) -> PlacedCall:
        """Ring a trunk group of a site; with data the call comes from the IVR. `reaches`: the
        carrier's edge follows a 302 or REFER to these numbers alone."""
        door = self.layout.site(site).trunk(trunk)
        order = {
            "site": site,
            "trunk_group": trunk,
            "address": door.address,
            "dialed": dialed,
            "refer": refer or ("accept" if door.shape.takes_refer else "refuse"),
            "from_ivr": data is not None,
            "data": data or {},
            "patience_s": patience_s,
            "talk_s": talk_s,
            "reaches": reaches,
        }
        return PlacedCall(self, int(self.phones_order("POST", "/calls", order)["number"]))

    def set_agent(
        self, site: str, agent: str, *, behaviour: str = "answer", talk_s: float | None = None
    ) -> None:
        """How an agent's phone behaves from the next ring on."""
        order = {"behaviour": behaviour, "talk_s": talk_s}
        self.phones_order("PUT", f"/agents/{site}/{agent}", order)

    @contextmanager
    def busy(self, site: str, agent: str) -> Iterator[PlacedCall]:
        """An agent who talks with a caller until the block ends."""
        self.wait_ready(site, agent)
        self.set_agent(site, agent, talk_s=600.0)
        call = self.place(site, "carrier")
        found = call.wait_connected()
        assert found["agent"] == agent, found
        self.set_agent(site, agent)
        try:
            yield call
        finally:
            call.hang_up()

    @contextmanager
    def busy_all(self, site: str) -> Iterator[None]:
        """Every agent of a site talks until the block ends."""
        with ExitStack() as stack:
            for _ in self.layout.site(site).agents:
                stack.enter_context(self._one_busy(site))
            yield

    @contextmanager
    def only_ready(self, site: str, agent: str) -> Iterator[list[PlacedCall]]:
        """One agent of a site is ready; the others talk with the callers handed to the block."""
        agents = self.layout.site(site).agents
        for one in agents:
            self.wait_ready(site, one)
        for one in agents:
            self.set_agent(
                site, one, behaviour="refuse" if one == agent else "answer", talk_s=600.0
            )
        calls = [self.place(site, "carrier") for one in agents if one != agent]
        for call in calls:
            assert call.wait_connected()["agent"] != agent
        for one in agents:
            self.set_agent(site, one)
        self.wait_ready(site, agent)
        try:
            yield calls
        finally:
            for call in calls:
                call.hang_up()

    @contextmanager
    def _one_busy(self, site: str) -> Iterator[None]:
        agents = self.layout.site(site).agents
        wait_until(
            f"somebody at {site} is ready",
            lambda: any(self.agent_state(site, one) == "ready" for one in agents),
        )
        for one in agents:
            self.set_agent(site, one, talk_s=600.0)
        call = self.place(site, "carrier")
        found = call.wait_connected()
        assert found["agent_site"] == site
        for one in agents:
            self.set_agent(site, one)
        try:
            yield
        finally:
            call.hang_up()

    def rung_count(self, site: str, agent: str) -> int:
        """How often an agent's phone was rung."""
        for one in self.phones_status()["agents"]:
            if (one["site"], one["agent"]) == (site, agent):
                return int(one["rung"])
        raise KeyError(agent)

    def waiting_count(self, site: str) -> int:
        """Callers who wait in a site's queues."""
        return sum(int(one["waiting_count"]) for one in self.site_status(site)["queues"])

    def calls_at(self, site: str) -> int:
        """Calls at a site, whatever their state."""
        return len(self.site_status(site)["calls"])

    def moved_count(self) -> int:
        """Calls served elsewhere so far."""
        counts = self.phones_status()
        return sum(int(counts.get(f"moved_{one}", 0)) for one in ("302", "refer", "bridge"))

    def agent_state(self, site: str, agent: str) -> str:
        """An agent's state as the site sees it."""
        for one in self.site_status(site)["agents"]:
            if one["agent"] == agent:
                return str(one["state"])
        return ""

    def wait_ready(self, site: str, agent: str) -> None:
        """Wait until a site's agent may take a call."""
        wait_until(f"{agent} at {site} is ready", lambda: self.agent_state(site, agent) == "ready")

    def wait_quiet(self) -> None:
        """Wait until no call, hold, request, move or channel is left at any site."""
        wait_until("every site is quiet", lambda: not observe.left_over(self.site_statuses()))


def build(folder: Path, shape: NetworkShape = SMALL, load: Load | None = None) -> TestNetwork:
    """A network that is not started yet. Agents answer quickly and talk a second."""
    chosen = load or Load(
        calls=0, seed=secrets.randbelow(1000), answer_after_s=(0.05, 0.1), talk_s=(0.8, 1.2)
    )
    return TestNetwork(folder, build_layout(shape, PortTaker()), chosen)


@contextmanager
def running(
    folder: Path, shape: NetworkShape = SMALL, load: Load | None = None
) -> Iterator[TestNetwork]:
    """A started network, ended whatever happens."""
    network = build(folder, shape, load)
    try:
        network.start()
        yield network
    finally:
        network.stop()


def assert_clean(network: TestNetwork) -> None:
    """After each scene: nothing left over, no call lost or in two places, nobody booked twice."""
    network.wait_quiet()
    phones = network.phones_status()
    lost = [one for one in network.phones_results() if one["outcome"] == "lost"]
    assert not lost
    assert phones["double_booked"] == 0
    found = checkers.check([path for path in network.histories() if path.exists()])
    assert found.violations == ()
    assert (found.lost_count, found.double_booked_count) == (0, 0)
