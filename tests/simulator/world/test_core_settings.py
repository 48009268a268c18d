"""Settings of the cores follow the model."""

from sim_models import network

from routing_policies.ewt_choice import ChoiceSettings
from simulator.model.instants import US
from simulator.model.network import CallbackModel
from simulator.world.core_settings import router_settings, site_settings, site_table
from site_agent.core.settings import SiteSettings


def test_what_the_model_names_comes_from_the_model() -> None:
    model = network((2,))
    settings = site_settings(model.sites[0], 5.0)
    assert settings.coalesce_s == 0.1
    assert settings.queues["sales"].max_loan == model.sites[0].queues[0].max_loan
    assert settings.trunks["network"].kind == "network"
    assert settings.unix_offset_s == 5.0


def test_nobody_is_called_back_unless_the_model_says_how() -> None:
    model = network((2,))
    settings = site_settings(model.sites[0], 0.0)
    assert settings.callbacks.entries_max == 0 and not settings.dials
    asked = CallbackModel(ring_us=20 * US, attempts_max=2, keep_us=600 * US)
    settings = site_settings(model.sites[0], 0.0, callbacks=asked)
    told = settings.callbacks
    assert (told.ring_s, told.attempts_max, told.keep_s) == (20.0, 2, 600.0)
    assert settings.trunks["carrier"].dials and not settings.trunks["network"].dials


def test_ideal_networks_go_by_the_length_of_queues() -> None:
    model = network((2,))
    usual = site_settings(model.sites[0], 0.0)
    assert usual.ewt_gain_min == SiteSettings().ewt_gain_min == ChoiceSettings().gain_min
    assert site_settings(model.sites[0], 0.0, ideal=True).ewt_gain_min == 1.0


def test_only_where_things_break_is_anybody_silent() -> None:
    assert router_settings(faulty=True).quiet_s < 10
    assert router_settings(faulty=False).quiet_s > 1e9


def test_every_trunk_group_has_an_address_of_its_own() -> None:
    addresses = site_table(network((2, 2))).addresses
    assert len(set(addresses.values())) == len(addresses) == 4
