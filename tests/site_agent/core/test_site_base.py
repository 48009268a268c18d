import dataclasses

from site_agent.core.site_base import SiteBase


def test_it_is_built_once_and_named() -> None:
    fields = {field.name: field for field in dataclasses.fields(SiteBase)}
    assert {"site", "settings", "leaders", "calls", "model", "out"} <= set(fields)
    assert all(field.kw_only for field in fields.values())
