"""The question of an edge over HTTP."""

import asyncio
from ipaddress import ip_network
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from nirc.links.pre_route_http import PATH, REMEDIES, PreRouteHttp, user_of
from nrcli.sip.redirect_server import STATUS
from nrcli.sip.redirect_settings import RedirectClient, RedirectSettings
from nrcli.sip.redirect_words import Contact, PreRouteAsked, PreRouteTold

PORTO = Contact(site="porto", host="192.0.2.1", port=5060, transport="udp")
FARO = Contact(site="faro", host="192.0.2.2", port=5060, transport="tcp")


class Bench:
    def __init__(self, told: PreRouteTold | None, network: str = "127.0.0.0/8", **more: Any):
        client = RedirectClient(
            name="edge", networks=(ip_network(network),), trunk_group="network", **more
        )
        self.told = told
        self.asked: list[PreRouteAsked] = []
        self.http = PreRouteHttp(
            settings=RedirectSettings(clients=(client,), deadline_s=0.05),
            post=self._post,
            new_id=lambda: "q1",
            now_s=lambda: 1.0,
        )

    def _post(self, asked: PreRouteAsked) -> bool:
        self.asked.append(asked)
        if self.told is not None:
            self.http.told(self.told)
        return True

    def answers(self, *bodies: dict[str, Any]) -> list[tuple[int, dict[str, Any]]]:
        async def play() -> list[tuple[int, dict[str, Any]]]:
            app = web.Application()
            app.add_routes(self.http.routes())
            found = []
            async with TestClient(TestServer(app)) as client:
                for body in bodies:
                    answer = await client.post(PATH, json=body)
                    found.append((answer.status, await answer.json()))
            return found

        return asyncio.run(play())


WANTED = {"dialed_number": "+351800", "ani": "+351912", "verified": True, "refused_sites": ["x"]}


def test_the_chosen_sites_are_told_with_their_addresses() -> None:
    bench = Bench(PreRouteTold(id="q1", contacts=(PORTO, FARO), queue="sales", decision_id="d1"))
    ((status, body),) = bench.answers(WANTED)
    assert status == 200
    assert [one["site"] for one in body["contacts"]] == ["porto", "faro"]
    assert (body["uri"], body["decision_id"]) == ("sip:+351800@192.0.2.1:5060", "d1")
    (asked,) = bench.asked
    assert (asked.client, asked.called, asked.caller) == ("edge", "+351800", "+351912")
    assert (asked.refused_sites, asked.verified) == (("x",), False), "not believed unless set"


def test_who_is_believed_may_vouch_for_the_caller() -> None:
    bench = Bench(PreRouteTold(id="q1", contacts=(PORTO,)), identity=True)
    bench.answers(WANTED)
    assert bench.asked[0].verified


@pytest.mark.parametrize(
    ("problem", "status"), [("not_in_service", 409), ("blocked", 409), ("no_documents", 503)]
)
def test_a_problem_has_its_status(problem: str, status: int) -> None:
    ((found, body),) = Bench(PreRouteTold(id="q1", problem=problem, reason="why")).answers(WANTED)
    assert (found, body["title"]) == (status, problem)
    assert body["remedy"] and body["detail"] == f"why: {problem}"


def test_every_problem_of_the_router_has_its_remedy() -> None:
    assert REMEDIES.keys() == STATUS.keys()


def test_the_second_contact_is_told_as_an_address_too() -> None:
    ((_, body),) = Bench(PreRouteTold(id="q1", contacts=(PORTO, FARO))).answers(WANTED)
    assert body["next_uri"] == "sip:+351800@192.0.2.2:5060;transport=tcp"
    ((_, body),) = Bench(PreRouteTold(id="q1", contacts=(PORTO,))).answers(WANTED)
    assert body["next_uri"] == ""


def test_a_wrong_question_is_answered_with_what_to_write() -> None:
    ((status, body),) = Bench(None).answers({"dialled": "+351800"})
    assert status == 400 and body["place"] and "dialed_number" in body["remedy"]


def test_silence_of_the_router_a_stranger_and_a_flood_are_told() -> None:
    assert Bench(None).answers(WANTED)[0][0] == 503
    assert Bench(None, "192.0.2.0/24").answers(WANTED)[0][0] == 403
    told = PreRouteTold(id="q1", contacts=(PORTO,))
    statuses = [one for one, _ in Bench(told, calls_per_s_max=1.0).answers(WANTED, WANTED)]
    assert statuses == [200, 429]


@pytest.mark.parametrize(
    "dialed", ["+351 800", "sip:+351800@edge", "tel:+351800;phone-context=x", "sip:+351800;a=b@x"]
)
def test_the_user_part_is_what_was_dialed(dialed: str) -> None:
    assert user_of(dialed) == "+351800"
