from dataclasses import replace

from peer_plans import alone, seconds
from site_playbook import SETTINGS, SitePlay, offered

from nrcli.wire.messages import TransferMethod
from site_agent.adapters import base
from site_agent.core.blind_share import BlindShares
from site_agent.core.calls import Call
from site_agent.core.settings import BlindShare
from site_agent.core.tiers import Tier

SHARE = BlindShare(share=0.25, address="sip:+351210000009@198.51.100.9:5060")


def call_of(interaction: str) -> Call:
    return Call(
        call_id="c", interaction_id=interaction, service="sales", queue="sales", offered_at_s=0.0
    )


def test_the_share_is_kept_and_always_the_same_callers() -> None:
    blind = BlindShares({"sales": SHARE})
    taken = [blind.takes(call_of(f"i{n}"), Tier.LOCAL_ONLY) for n in range(1000)]
    assert 200 < sum(taken) < 300
    assert taken == [blind.takes(call_of(f"i{n}"), Tier.LOCAL_ONLY) for n in range(1000)]


def test_only_alone_only_once_and_only_own_callers() -> None:
    blind = BlindShares({"sales": replace(SHARE, share=1.0)})
    call = call_of("i")
    assert not blind.takes(call, Tier.PEER_PLAN) and not blind.takes(call, Tier.FULL)
    call.foreign = True
    assert not blind.takes(call, Tier.LOCAL_ONLY)
    call.foreign = False
    target, token, rung = blind.move(call, "nirc-abc")
    assert (target, token, rung.method) == ("blind:sales", "nirc-blind-abc", TransferMethod.BRIDGE)
    assert blind.address(target) == SHARE.address and blind.address("blind:x") == ""
    assert not blind.takes(call, Tier.LOCAL_ONLY)


def test_it_is_off_unless_the_settings_say_so() -> None:
    assert not BlindShares({}).takes(call_of("i"), Tier.LOCAL_ONLY)


def lonely(share: float) -> SitePlay:
    settings = replace(SETTINGS, blind_shares={"sales": replace(SHARE, share=share)})
    return seconds(alone(settings, text=""), 1)


def test_the_caller_is_bridged_to_the_public_number_and_back_in_place_if_refused() -> None:
    play = lonely(1.0).event(offered())
    move = play.one(base.StartMove)
    assert (move.method, move.address) == (TransferMethod.BRIDGE, SHARE.address)
    play.event(
        base.MoveProgress(
            call_id="c1", move_id=move.move_id, sign=base.MoveSign.REFUSED, sip_status=486
        )
    )
    assert play.one(base.PutBack).call_id == "c1" and not play.all(base.StartMove)
    play.wait(30.0)
    assert not play.all(base.StartMove)


def test_with_a_plan_nobody_goes_unasked() -> None:
    settings = replace(SETTINGS, blind_shares={"sales": replace(SHARE, share=1.0)})
    play = alone(settings).event(offered(service="support"))
    assert not play.all(base.StartMove)
