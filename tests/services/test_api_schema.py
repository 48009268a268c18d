"""A node under schemathesis: whatever its OpenAPI document allows or forbids is answered as the
document says, and nothing that anybody sends is a fault of the node.

It runs as a program of its own, so that its plug-ins stay away from the other tests. Its stateful
phase is left out: it follows links, of which the document has none; what one act makes and another
ends (sessions, documents, policies, controls) is tested by name elsewhere.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from lone_node import lone_node
from node_process import NodeProcess
from source_tree import ROOT

pytestmark = [pytest.mark.services, pytest.mark.timeout(480)]
EXAMPLES = 2
"""Random ones of each operation, beside those that cover every bound of every field."""
EDGE = {"clients": [{"name": "edge", "networks": ["127.0.0.0/8"], "trunk_group": "carrier"}]}
FAST = {"requests_per_s_max": 10_000, "requests_burst_max": 10_000}
"One who asks about the schema asks more often than people and consoles do."
# What is right in its form may still mean nothing: 412 stale, 422 refused for what it says.
CONFIG = """
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "3xx", "401", "403", "404", "409", "412", "422", "429", "503"]
"""


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NodeProcess]:
    with lone_node(tmp_path_factory.mktemp("api"), pre_route=EDGE, admin=FAST) as node:
        yield node


def test_a_drained_node_leads_again_when_it_is_told_to(node: NodeProcess) -> None:
    node.ask("/api/v1/drain?author=ana&reason=disk", "POST")
    node.wait_until(lambda: not node.leads())
    node.ask("/api/v1/undrain?author=ana", "POST")
    node.wait_until(node.leads)
    acts = node.ask("/api/v1/audit")["acts"]
    assert [(one["act"], one["author"], one["reason"]) for one in acts] == [
        ("drainNode", "ana", "disk"),
        ("undrainNode", "ana", ""),
    ]


def test_the_api_is_as_its_document_says(node: NodeProcess, tmp_path: Path) -> None:
    config = tmp_path / "schemathesis.toml"
    config.write_text(CONFIG, encoding="utf-8")
    token = node.token_file.read_text(encoding="utf-8").strip()
    done = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(config), "run"),
            *(str(ROOT / "docs/openapi.json"), "--url", node.url),
            *("--header", f"Authorization: Bearer {token}"),
            *("--exclude-operation-id", "readEvents"),  # it never ends
            *("--phases", "coverage,fuzzing", "--max-examples", str(EXAMPLES)),
            *("--seed", "1", "--no-color", "--continue-on-failure"),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6_000:] + done.stderr[-2_000:]
    assert "fault of the node" not in node.log and "Traceback" not in node.log
    codes = {one["code"] for one in node.ask("/api/v1/alarms")["alarms"]}
    assert codes <= {"control_in_force"}, "it begins controls, as anybody may"
