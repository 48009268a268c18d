"""Names of the site and of mod_callcenter."""

from __future__ import annotations

import pytest

from site_agent.adapters.freeswitch.settings import FreeswitchSettings

SETTINGS = FreeswitchSettings(queues=(), trunks=())


@pytest.mark.parametrize("name", ["anna", "1000", "a.b-c_d"])
def test_a_name_goes_there_and_back(name: str) -> None:
    assert SETTINGS.site_name(SETTINGS.pbx_name(name)) == name
    bare = FreeswitchSettings(queues=(), trunks=(), domain="")
    assert bare.pbx_name(name) == name == bare.site_name(name)


@pytest.mark.parametrize("name", ["anna@other", "a b@default", "'x@default", "@default", ""])
def test_what_can_have_no_name_has_none(name: str) -> None:
    assert SETTINGS.site_name(name) == ""
