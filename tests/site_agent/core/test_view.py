"""The view is plain data that a status page can show as JSON."""

import json
from dataclasses import asdict

from site_playbook import led, offered


def test_the_view_is_json() -> None:
    view = led().event(offered()).daemon.view(101.0)
    assert json.loads(json.dumps(asdict(view)))["site"] == "lisbon"
