"""Shifts are listed, page by page."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from nirc.links.shifts_http import ShiftsHttp
from nrcli.wire.shift_models import Shifts, ShiftState


async def test_what_is_in_force_is_listed() -> None:
    one = ShiftState(id="c1", from_site="lisbon", to_site="porto", share=0.5, floor=0.7)
    shifts = ShiftsHttp(lambda: cast(Any, SimpleNamespace(shifts=(one,))))
    (route,) = shifts.routes()
    assert isinstance(route, web.RouteDef) and route.path == "/api/v1/shifts"
    request = make_mocked_request("GET", "/api/v1/shifts?limit=1")
    answer = await cast(Any, route.handler)(request)
    assert Shifts.model_validate_json(answer.text).shifts == (one,)
