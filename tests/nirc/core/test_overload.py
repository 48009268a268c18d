"""Too much is refused at once, and one site's flood is its own."""

from __future__ import annotations

from nirc.core.overload import Admission
from nirc.core.settings import RouterSettings


def test_open_requests_are_bounded_overall_and_per_site() -> None:
    admission = Admission(RouterSettings(requests_open_max=3, requests_open_per_site_max=2))
    assert [admission.admit("a", 1.0) for _ in range(2)] == ["", ""]
    assert "of this site" in admission.admit("a", 1.0)
    assert admission.admit("b", 1.0) == ""
    assert "too many requests are open" in admission.admit("c", 1.0)
    admission.done("a")
    assert admission.admit("c", 1.0) == ""
    assert admission.open_count == 3


def test_a_rate_per_site() -> None:
    settings = RouterSettings(requests_per_site_per_s=10.0, requests_per_site_burst=2.0)
    admission = Admission(settings)
    assert [admission.admit("a", 1.0) for _ in range(2)] == ["", ""]
    assert "too often" in admission.admit("a", 1.0)
    assert admission.admit("b", 1.0) == ""
    assert admission.admit("a", 1.1) == ""
