"""The phones' small HTTP server on loopback: counts, results, and orders for tests.

Rule of this file: it translates HTTP into calls of `PhonesShell` and nothing more; it listens on
loopback only and is not for production.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Literal, Protocol

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from site_agent.phones.agent_phone import Behaviour
from site_agent.phones.config import address_of
from site_agent.phones.plan import ReferMode
from site_agent.phones.results import CallResult, count


class CallOrder(BaseModel):
    """One call that a test asks for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    site: str
    trunk_group: str
    address: str
    dialed: str = "+351210000001"
    refer: ReferMode = ReferMode.ACCEPT
    from_ivr: bool = False
    data: dict[str, Any] = Field(default_factory=dict)
    patience_s: float = 60.0
    talk_s: float | None = None
    reaches: dict[str, str] | None = None
    "Beginnings of numbers to host:port: the edge follows a 302 or REFER to these alone."

    @property
    def target(self) -> tuple[str, int]:
        """Where to ring. Raises ValueError."""
        return address_of(self.address)

    @property
    def reached(self) -> dict[str, tuple[str, int]] | None:
        """Where numbers are. Raises ValueError."""
        if self.reaches is None:
            return None
        return {number: address_of(where) for number, where in self.reaches.items()}


class AgentOrder(BaseModel):
    """How an agent's phone shall behave from the next ring on."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    behaviour: Behaviour = Behaviour.ANSWER
    talk_s: float | None = None
    "None: as its settings say."


class TransferOrder(BaseModel):
    """Where an agent shall send the caller they talk with."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    to: str
    "User part of the address, e.g. `service-sales`."


class PhoneOrder(BaseModel):
    """What an agent shall do with the caller at hand, and with a second call."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    do: Literal[
        "hold",
        "resume",
        "consult",
        "join",
        "hold_second",
        "resume_second",
        "drop_second",
        "hang_up",
    ]
    to: str = ""
    "Of `consult` and `join`: user part of the address."


class PhonesShell(Protocol):
    """What this server needs of the process."""

    def start_load(self) -> int:
        """Begin the planned load; returns how many calls it has."""

    def stop_load(self) -> None:
        """Place no more planned calls."""

    def order(self, order: CallOrder) -> int:
        """Place a call now; returns its number."""

    def hang_up(self, number: int) -> None:
        """Make a caller leave; KeyError for an unknown number."""

    def set_behaviour(
        self, site: str, agent: str, behaviour: Behaviour, talk_s: float | None
    ) -> bool:
        """Change an agent's phone; False if unknown."""

    def transfer(self, site: str, agent: str, to: str) -> None:
        """An agent passes their caller on; ValueError where they have none."""

    def order_agent(self, site: str, agent: str, do: str, to: str) -> None:
        """An agent does something with the caller at hand; ValueError where it cannot be."""

    def results(self) -> list[CallResult]:
        """Every call so far."""

    def status(self) -> dict[str, Any]:
        """Agents' phones and the load."""


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def transferring(shell: PhonesShell) -> Handler:
    """Answers the order that an agent passes their caller on."""

    async def transfer(request: web.Request) -> web.Response:
        names = request.match_info
        try:
            order = TransferOrder.model_validate_json(await request.read())
            shell.transfer(names["site"], names["agent"], order.to)
        except (ValidationError, ValueError) as error:
            raise web.HTTPConflict(text=_told(error)) from error
        return web.json_response({})

    return transfer


def ordering(shell: PhonesShell) -> Handler:
    """Answers orders to an agent with a caller at hand."""

    async def order(request: web.Request) -> web.Response:
        names = request.match_info
        try:
            given = PhoneOrder.model_validate_json(await request.read())
            shell.order_agent(names["site"], names["agent"], given.do, given.to)
        except (ValidationError, ValueError) as error:
            raise web.HTTPConflict(text=_told(error)) from error
        return web.json_response({})

    return order


def application(shell: PhonesShell) -> web.Application:
    """The routes."""

    async def status(_: web.Request) -> web.Response:
        return web.json_response({**count(shell.results()).as_json(), **shell.status()})

    async def results(_: web.Request) -> web.Response:
        return web.json_response([one.as_json() for one in shell.results()])

    async def start(_: web.Request) -> web.Response:
        return web.json_response({"planned": shell.start_load()})

    async def stop(_: web.Request) -> web.Response:
        shell.stop_load()
        return web.json_response({})

    async def place(request: web.Request) -> web.Response:
        try:
            order = CallOrder.model_validate_json(await request.read())
            return web.json_response({"number": shell.order(order)})
        except (ValidationError, ValueError) as error:
            raise web.HTTPBadRequest(text=_told(error)) from error

    async def hang_up(request: web.Request) -> web.Response:
        try:
            shell.hang_up(int(request.match_info["number"]))
        except (KeyError, ValueError) as error:
            raise web.HTTPNotFound(text="no such call") from error
        return web.json_response({})

    async def behave(request: web.Request) -> web.Response:
        try:
            order = AgentOrder.model_validate_json(await request.read())
        except ValidationError as error:
            raise web.HTTPBadRequest(text=str(error)) from error
        names = request.match_info
        if not shell.set_behaviour(names["site"], names["agent"], order.behaviour, order.talk_s):
            raise web.HTTPNotFound(text="no such agent")
        return web.json_response({})

    app = web.Application()
    app.add_routes(
        [
            web.get("/status", status),
            web.get("/results", results),
            web.post("/start", start),
            web.post("/stop", stop),
            web.post("/calls", place),
            web.delete("/calls/{number}", hang_up),
            web.put("/agents/{site}/{agent}", behave),
            web.post("/agents/{site}/{agent}/transfer", transferring(shell)),
            web.post("/agents/{site}/{agent}/orders", ordering(shell)),
        ]
    )
    return app


def _told(error: ValueError) -> str:
    """What is wrong with an order, with its place."""
    if not isinstance(error, ValidationError):
        return str(error)
    first = error.errors(include_url=False)[0]
    place = ".".join(str(part) for part in first["loc"]) or "body"
    return f"{place}: {first['msg']} (docs/phones.md has every key)\n"
