import dataclasses

import pytest

from site_agent.adapters.sip_acd.settings import (
    AgentSettings,
    QueueSettings,
    ServiceSettings,
    SettingsError,
    SipAcdSettings,
    TrunkGroupSettings,
    check,
)

TRUNK = TrunkGroupSettings(name="carrier", listen=("127.0.0.1", 5061), numbers={"*": "sales"})
GOOD = SipAcdSettings(
    trunk_groups=(TRUNK,),
    queues=(QueueSettings(name="sales"),),
    agents=(AgentSettings(name="anna", queues={"sales": 5}),),
    services={"vip": ServiceSettings(queue="sales", priority=5)},
)


def test_good_settings_pass():
    check(GOOD)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"queues": (QueueSettings(name="sales"), QueueSettings(name="sales"))}, "queues"),
        ({"queues": (QueueSettings(name="sales", ring_s=40.0),)}, "queues[0].ring_s"),
        ({"services": {"vip": ServiceSettings(queue="x")}}, "services.vip.queue"),
        ({"agents": (AgentSettings(name="a", queues={"x": 1}),)}, "agents[0].queues"),
        ({"agents": (AgentSettings(name="a", queues={"sales": 11}),)}, "agents[0].queues.sales"),
        ({"trunk_groups": (dataclasses.replace(TRUNK, peers=("10.0.0.1/8",)),)},
         "trunk_groups[0].peers"),
        ({"trunk_groups": (dataclasses.replace(TRUNK, answer_after_s=90.0),)},
         "trunk_groups[0].answer_after_s"),
        ({"trunk_groups": (dataclasses.replace(TRUNK, numbers={"1": "x"}),)},
         "trunk_groups[0].numbers"),
    ],
)  # fmt: skip
def test_a_setting_that_cannot_work_is_named_with_the_remedy(change, place):
    with pytest.raises(SettingsError) as raised:
        check(dataclasses.replace(GOOD, **change))
    assert raised.value.place == place
    assert str(raised.value).startswith(place)


@pytest.mark.parametrize("responses", [{503: 480}, {480: 503}, {302: 404}, {404: 700}])
def test_503_says_this_server_and_nothing_else(responses):
    group = dataclasses.replace(TRUNK, responses=responses)
    with pytest.raises(SettingsError, match="responses"):
        check(dataclasses.replace(GOOD, trunk_groups=(group,)))
