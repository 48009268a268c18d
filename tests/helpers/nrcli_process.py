"""`nrcli` as a process against one node of a network."""

from __future__ import annotations

import os
import subprocess
import sys

from network import TestNetwork


def nrcli(network: TestNetwork, node: str, *words: str) -> subprocess.CompletedProcess[str]:
    """What it said, and its exit code."""
    admin = network.admin(node)
    environment = {
        **os.environ,
        "NRCLI_URL": f"http://{admin.address}",
        "NRCLI_TOKEN_FILE": str(admin.token_file),
        "COLUMNS": "300",
    }
    return subprocess.run(
        [sys.executable, "-c", "from nrcli.commands.main import main; main()", *words],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
