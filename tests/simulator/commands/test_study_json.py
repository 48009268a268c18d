"""The object of a study is finite, whole, and named as the guide says."""

import json
import re
from pathlib import Path

from sim_commands import SMALL, told
from source_tree import ROOT

GUIDE = ROOT / "docs/simulator.md"


def keys_told() -> set[str]:
    text = Path(GUIDE).read_text(encoding="utf-8").partition("## For programs")[2]
    table = [line for line in text.splitlines() if line.startswith("| `")]
    named = " ".join(line.split("|")[1] for line in table)
    return {key.removesuffix("[]") for key in re.findall(r"`([\w\[\]]+)`", named)}


def test_every_key_is_in_the_guide() -> None:
    both = ("--policy", "stay", "--policy", "catalogue:shortest-wait")
    found = told("compare", "quick-start", *both, *SMALL, "-n", "2")
    assert set(found) - keys_told() == set()
    json.dumps(found, allow_nan=False)
    for variant in found["variants"]:
        assert {"network", "sites", "queues", "services", "intervals", "flows", "trunks"} <= set(
            variant
        )
        for flow in variant["flows"]:
            assert {"from_site", "to_site", "method", "figures"} == set(flow)
