"""The committed descriptor is what nirc_link.proto says."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from nrcli.wire.generated.nirc_link_descriptor import FILE_DESCRIPTOR_SET

ROOT = Path(__file__).parents[4]


@pytest.mark.skipif(
    importlib.util.find_spec("grpc_tools") is None, reason="grpcio-tools is not installed"
)
def test_generated_code_is_up_to_date(tmp_path: Path) -> None:
    script = ROOT / "scripts" / "generate_proto.sh"
    target = tmp_path / "nirc_link_descriptor.py"
    subprocess.run(
        [script, target], check=True, env={"PYTHON": sys.executable, "PATH": "/usr/bin:/bin"}
    )
    spec = importlib.util.spec_from_file_location("fresh_descriptor", target)
    assert spec is not None
    assert spec.loader is not None
    fresh = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(fresh)
    assert fresh.FILE_DESCRIPTOR_SET == FILE_DESCRIPTOR_SET, "run scripts/generate_proto.sh"
