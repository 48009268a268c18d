"""What agents do at their phones in a network of processes, and what these phones show.

Rule of this file: orders go to the phones' process by its control server; nothing waits for a
fixed time.
"""

from __future__ import annotations

from typing import Any

from network import TestNetwork, wait_until

from nirc.demo.json_http import HttpFailed

ORDER_S_MAX = 15.0


class Desks:
    """The phones of a network's agents, by the agents' names."""

    def __init__(self, network: TestNetwork) -> None:
        self._network = network
        self._site_of = {agent: site.name for site in network.layout.sites for agent in site.agents}

    def order(self, agent: str, do: str, to: str = "") -> None:
        """An agent does something at the phone, as soon as it can: `PhoneOrder` says what."""
        path = f"/agents/{self._site_of[agent]}/{agent}/orders"

        def is_done() -> bool:
            try:
                self._network.phones_order("POST", path, {"do": do, "to": to})
            except HttpFailed as error:
                assert error.status == 409, error
                return False
            return True

        wait_until(f"{agent} can {do}", is_done, ORDER_S_MAX)

    def pass_on(self, agent: str, to: str) -> list[int]:
        """The agent passes the caller on; what the phone was told, when it is over."""
        self.begin_to_pass_on(agent, to)
        return self.refer_over(agent)

    def begin_to_pass_on(self, agent: str, to: str) -> None:
        """The same, without waiting for the outcome."""
        path = f"/agents/{self._site_of[agent]}/{agent}/transfer"
        self._network.phones_order("POST", path, {"to": to})

    def refer_over(self, agent: str) -> list[int]:
        """Wait for the outcome of this agent's REFER; every status that was told."""
        wait_until(f"{agent}'s REFER is over", lambda: _final(self.of(agent)["refer_statuses"]))
        return list(self.of(agent)["refer_statuses"])

    def of(self, agent: str) -> dict[str, Any]:
        """What the phone shows now."""
        agents = self._network.phones_status()["agents"]
        return dict(next(one for one in agents if one["agent"] == agent))

    def talks_with(self, agent: str) -> str:
        """What the far end of the phone's call says of itself: `call 17`, `agent anna@lisbon`."""
        return str(self.of(agent)["talks_with"])

    def wait_talk(self, agent: str, far: str) -> None:
        """Wait until the far end of the phone's call is this one; `-` is the site's own player."""
        wait_until(f"{agent} talks with {far}", lambda: self.talks_with(agent) == far)


def _final(statuses: list[int]) -> bool:
    """A refusal, or the NOTIFY with a final status after the 202."""
    return any(status >= 200 and status != 202 for status in statuses)
