"""Too much is refused at once, in a fixed order, and one site's flood is its own."""

from __future__ import annotations

import pytest

from nirc.core.overload import OF_TENANT, Admission, Budget, Work
from nirc.core.settings import RouterSettings


def test_open_requests_are_bounded_overall_and_per_site() -> None:
    settings = RouterSettings(
        requests_open_max=3,
        requests_open_per_site_max=2,
        shed_again_share=2.0,
        shed_requests_share=2.0,
    )
    admission = Admission(settings)
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


@pytest.mark.parametrize(
    ("share", "shed"), [(0.2, 0), (0.3, 1), (0.4, 2), (0.5, 3), (0.6, 4), (0.7, 4), (0.8, 5)]
)
def test_work_is_shed_in_one_order(share: float, shed: int) -> None:
    admission = Admission(RouterSettings())
    admission.inbox_filled(share)
    assert [work for work in Work if admission.sheds(work)] == list(Work)[:shed]
    assert bool(admission.admit("a", 1.0, again=True)) is (shed >= 3)
    assert bool(admission.admit("a", 1.0)) is (shed >= 5)
    admission.inbox_filled(0.0)
    assert admission.admit("a", 1.0, again=True) == ""


def test_open_requests_press_as_the_inbox_does() -> None:
    admission = Admission(RouterSettings(requests_open_max=10))
    for _ in range(3):
        admission.admit("a", 1.0)
    assert admission.pressure == 0.3 and admission.sheds(Work.HISTORY)


def test_under_pressure_a_site_has_its_share_and_no_more() -> None:
    admission = Admission(RouterSettings(requests_open_max=100))
    taken = dict.fromkeys(("flood", "b", "c"), 0)
    for number in range(400):
        site = "flood" if number % 4 else ("b" if number % 8 else "c")
        taken[site] += admission.admit(site, 1.0) == ""
    assert taken["flood"] <= 52 and taken["b"] + taken["c"] >= 25


def test_what_is_asked_again_leaves_tokens_for_new_calls() -> None:
    settings = RouterSettings(requests_per_site_per_s=0.001, requests_per_site_burst=10.0)
    admission = Admission(settings)
    again = [admission.admit("a", 1.0, again=True) for _ in range(10)]
    assert again.count("") == 5 and "too often" in again[-1]
    assert [admission.admit("a", 1.0) for _ in range(6)].count("") == 5


def test_a_tenants_open_requests_are_its_own() -> None:
    admission, acme = Admission(RouterSettings()), Budget("acme", open_max=2)
    assert [admission.admit(site, 1.0, budget=acme) for site in ("a", "b")] == ["", ""]
    refusal = admission.admit("c", 1.0, budget=acme)
    assert refusal.startswith(OF_TENANT) and "acme" in refusal
    assert admission.admit("c", 1.0) == "" and admission.open_count == 3
    admission.done("a", acme)
    assert admission.admit("c", 1.0, budget=acme) == ""


def test_a_tenants_rate_is_its_own() -> None:
    admission, acme = Admission(RouterSettings()), Budget("acme", per_s=2.0)
    said = [admission.admit("a", 1.0, budget=acme) for _ in range(3)]
    assert said[:2] == ["", ""] and "asks too often" in said[2]
    assert admission.admit("a", 1.0) == "" and admission.admit("a", 1.5, budget=acme) == ""
