"""An edge whose trunk group no site has is told of, and no more once that is mended."""

from __future__ import annotations

from playbook import Playbook
from router_network import FakeSite, documents, leading

from nirc.core.actions import ClearAlarm, RaiseAlarm
from nirc.core.pre_route_groups import ALARM
from nrcli.sip.redirect_words import PreRouteAsked, PreRouteTold

MORE = {
    "SiteTable/all": "kind: SiteTable\nmetadata: {name: all}\nspec: {addresses: ["
    "{site: porto, trunk_group: network, host: 192.0.2.2, port: 5062}]}\n",
    "DialedNumberPlan/all": "kind: DialedNumberPlan\nmetadata: {name: all}\nspec:\n"
    "  country: PT\n  entries: [{number: '+351800100100', service: sales}]\n",
}


def edges() -> Playbook:
    return leading(
        FakeSite("faro"), FakeSite("porto"), docs=documents(("faro", "porto"), more=MORE)
    )


def told(book: Playbook, group: str, *refused: str) -> PreRouteTold:
    ask = PreRouteAsked(
        id=f"q-{group}",
        client="edge",
        trunk_group=group,
        called="sip:+351800100100@nirc",
        refused_sites=refused,
    )
    return book.event(ask).take(PreRouteTold)


def test_a_group_that_no_site_has_is_an_alarm_with_its_remedy() -> None:
    book = edges()
    said = told(book, "netwrk")
    assert said.problem == "no_site" and "pre_route.clients (name: edge)" in said.remedy
    assert "did you mean network?" in said.remedy
    book.take(RaiseAlarm, code=ALARM, place="(edge)")
    assert "it names network" in told(book, "zzz").remedy
    said = told(book, "network")
    assert (said.problem, said.remedy) == ("", "")
    book.take(ClearAlarm, code=ALARM, place="(edge)")


def test_a_known_group_without_a_site_that_is_left_is_no_slip() -> None:
    said = told(edges(), "network", "faro", "porto")
    assert said.problem == "no_site" and "`nrcli sites`" in said.remedy
