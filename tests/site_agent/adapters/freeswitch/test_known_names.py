"""Names that the site's file and FreeSWITCH do not share are told, and no more once they do."""

from __future__ import annotations

import dataclasses

from acd_contract_words import told
from esl_pbx import Pbx
from freeswitch_bench import SETTINGS, FreeswitchBench, two_agents

from site_agent.adapters import base


def names(found: FreeswitchBench) -> list[str]:
    events = told(found, base.PbxNames)
    return [one.name for one in events[-1].wrong] if events else []


def problems(found: FreeswitchBench) -> dict[str, str]:
    return {one.name: one.problem for one in told(found, base.PbxNames)[-1].wrong}


def test_what_fits_is_not_told() -> None:
    found = FreeswitchBench()
    found.caller_enters("sales")
    found.passes(61.0)
    assert told(found, base.PbxNames) == []


def test_a_queue_and_a_profile_that_freeswitch_does_not_have_are_told_until_it_has_them() -> None:
    pbx = Pbx(queues=("salle@default",), agents=two_agents())
    pbx.profiles = ["externals", "nirc"]
    found = FreeswitchBench(pbx)
    assert names(found) == ["queue sales@default", "queues of the PBX", "profile external"]
    told_of = problems(found)
    assert "did you mean salle@default?" in told_of["queue sales@default"]
    assert "`acd.domain`" in told_of["queue sales@default"]
    assert "did you mean externals?" in told_of["profile external"]
    assert "`acd.trunk_groups[].profile`" in told_of["profile external"]
    count = len(told(found, base.PbxNames))
    found.passes(61.0)
    assert len(told(found, base.PbxNames)) == count, "once"
    pbx.centre.queues[:] = ["sales@default"]
    pbx.profiles = ["external", "nirc"]
    found.passes(61.0)
    assert told(found, base.PbxNames)[-1].wrong == ()
    assert told(found, base.QueueChanged)[-1].open, "it is there now"


def test_queues_of_another_domain_and_those_left_aside_are_nobodys_business() -> None:
    queues = ("sales@default", "sales@other.example", "test-1@default")
    found = FreeswitchBench(Pbx(queues=queues, agents=two_agents()), other_queues=("test*",))
    assert names(found) == []
    found = FreeswitchBench(Pbx(queues=queues, agents=two_agents()))
    assert names(found) == ["queues of the PBX"]
    assert "(test-1)" in problems(found)["queues of the PBX"]


def test_what_a_bridge_is_dialed_by_must_be_there() -> None:
    carrier, network = SETTINGS.trunks
    dials = ("sofia/gateway/carier/", "sofia/outside/", "sofia/127.0.0.1/")
    trunks = tuple(
        dataclasses.replace(carrier, name=f"c{number}", dial=dial)
        for number, dial in enumerate(dials)
    )
    pbx = Pbx(agents=two_agents())
    pbx.gateways = ["external::carrier"]
    found = FreeswitchBench(pbx, trunks=(*trunks, network))
    assert names(found) == ["profile outside", "gateway carier"], "an alias can be dialed"
    assert "did you mean carrier?" in problems(found)["gateway carier"]
    pbx.gateways = ["external::carrier", "external::carier"]
    pbx.profiles.append("outside")
    found.passes(61.0)
    assert names(found) == []


def test_a_list_that_was_not_read_to_its_end_says_nothing() -> None:
    pbx = Pbx(agents=two_agents())
    pbx._sofia = lambda: "-ERR sofia Command not found!\n"  # type: ignore[method-assign]
    assert names(FreeswitchBench(pbx)) == []


def test_a_profile_that_no_trunk_group_names_is_told_once() -> None:
    pbx = Pbx(agents=two_agents())
    found = FreeswitchBench(pbx)
    for _ in range(2):
        pbx.call("nirc_keep", profile="public", nirc_queue="sales@default")
        found.passes(0.5)
    assert names(found) == ["profile public"]
    (told_once,) = told(found, base.PbxNames)
    assert "which no trunk group names" in told_once.wrong[0].problem
    phone = pbx.channels.new("sofia/internal/1000@pbx.example", "nirc_keep", "1000")
    phone.variables["nirc_queue"] = "sales@default"
    pbx.channels.to_extension(phone, "nirc_keep")
    found.passes(0.5)
    assert names(found) == ["profile public"], "an agent's own phone is no trunk"
