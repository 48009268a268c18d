"""The files of the first network, and of its phones, are good as they stand."""

from __future__ import annotations

from pathlib import Path

import yaml
from documents import blocks_of

from site_agent.config import parse_config
from site_agent.phones.config import PhonesConfig, load_config
from site_agent.sip_acd_config import SipAcdConfig

PAGE = Path("docs/first_network.md")


def test_the_sites_file_is_good() -> None:
    (text,) = [block.text for block in blocks_of(PAGE) if block.text.startswith("site: ")]
    config = parse_config(text, source=str(PAGE))
    assert isinstance(config.acd, SipAcdConfig) and config.site == "lisbon"


def test_files_of_phones_are_good(tmp_path: Path) -> None:
    for page in (PAGE, Path("docs/phones.md")):
        texts = [one.text for one in blocks_of(page) if one.text.startswith("callers_listen")]
        file = tmp_path / "phones.yaml"
        file.write_text(texts[0])
        assert isinstance(load_config(file), PhonesConfig)


def test_the_table_names_the_addresses_at_which_the_site_listens() -> None:
    texts = [block.text for block in blocks_of(PAGE)]
    site = yaml.safe_load(next(one for one in texts if one.startswith("site: ")))
    table = yaml.safe_load(next(one for one in texts if "kind: SiteTable" in one))
    listens = {one["name"]: one["listen"] for one in site["acd"]["trunk_groups"]}
    rows = [one for one in table["spec"]["addresses"] if one["site"] == "lisbon"]
    assert {one["trunk_group"]: f"{one['host']}:{one['port']}" for one in rows} == listens
