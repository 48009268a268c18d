"""Names that the site's file and the PBX do not share are told, and no more once they do."""

import dataclasses

from acd_contract_words import told
from asterisk_site import SETTINGS, AsteriskSite

from site_agent.adapters import base


def names(site: AsteriskSite) -> list[str]:
    found = told(site, base.PbxNames)
    return [one.name for one in found[-1].wrong] if found else []


def test_what_fits_is_not_told() -> None:
    site = AsteriskSite()
    site.caller_enters("sales")
    assert told(site, base.PbxNames) == []


def test_a_queue_and_an_endpoint_that_the_pbx_does_not_have_are_told_until_it_has_them() -> None:
    site = AsteriskSite()
    site.pbx.queue, site.pbx.endpoints = "salle", ["carriers", "phone"]
    site.passes(301.0)
    assert names(site) == ["queue sales", "queues of the PBX", "endpoint carrier"]
    queue, other, endpoint = told(site, base.PbxNames)[-1].wrong
    assert "does not name (salle)" in other.problem
    assert queue.problem == (
        "the PBX knows no queue sales (did you mean salle?): correct `acd.queues`, or add it to"
        " queues.conf"
    )
    assert "(did you mean carriers?): correct `acd.trunk_groups[].endpoints`" in endpoint.problem
    count = len(told(site, base.PbxNames))
    site.passes(301.0)
    assert len(told(site, base.PbxNames)) == count, "once"
    site.pbx.queue, site.pbx.endpoints = "sales", ["carrier"]
    site.passes(301.0)
    assert told(site, base.PbxNames)[-1].wrong == ()


def test_an_endpoint_that_no_trunk_group_names_is_told_once() -> None:
    site = AsteriskSite()
    for number in (1, 2):
        channel = site.pbx._channel("+351210000001")
        channel.name = f"PJSIP/public-0000000{number}"
        channel.up = True
        site.pbx._join(channel, 1)
        site.settle()
    assert names(site) == ["endpoint public"]
    (told_once,) = told(site, base.PbxNames)
    assert "which no trunk group names" in told_once.wrong[0].problem
    channel = site.pbx._channel("100")
    channel.name, channel.up = "PJSIP/anna-00000009", True
    site.pbx._join(channel, 1)
    site.settle()
    assert names(site) == ["endpoint public"], "an agent's own phone is no trunk"


def test_queues_of_the_pbx_that_nobody_named_are_told_once_in_one_word() -> None:
    site = AsteriskSite(dataclasses.replace(SETTINGS, other_queues=("test*",)))
    site.pbx.more_queues = ["test-1", "test-2"]
    site.passes(301.0)
    assert names(site) == []
    site.pbx.more_queues = ["support", "test-1", "billing"]
    site.passes(301.0)
    assert names(site) == ["queues of the PBX"]
    site.passes(301.0)
    (told_once,) = told(site, base.PbxNames)
    assert "(billing, support)" in told_once.wrong[0].problem
    site.pbx.more_queues = []
    site.passes(301.0)
    assert names(site) == []
