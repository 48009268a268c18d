"""What is shown of a pair is plain data."""

import json
from dataclasses import asdict

from site_agent.core.pair_view import PairView


def test_it_can_be_written_as_json() -> None:
    view = PairView(
        name="a", role="standby", since_s=1.0, fence=3, holder="b", holder_host="h", lease_left_s=0
    )
    assert json.loads(json.dumps(asdict(view)))["problems"] == {}
