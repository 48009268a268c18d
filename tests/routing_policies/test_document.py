"""The import point gives what others need, and costs no YAML library until text is read."""

from __future__ import annotations

import subprocess
import sys

from routing_policies import document


def test_all_names_are_there() -> None:
    assert all(hasattr(document, name) for name in document.__all__)


def test_importing_it_loads_no_yaml() -> None:
    program = "import sys, routing_policies.document; sys.exit('yaml' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
