"""Pages on which one acts, in a real browser: calls explained, policies, documents, controls."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from console_demo import Console, ConsoleDemo, window
from network import wait_until
from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.services, pytest.mark.console, pytest.mark.timeout(300)]

PAGES = {
    "decisions": "decisions",
    "explain": "explain",
    "policies": "policies",
    "policy": "policies/default",
    "policy-edit": "policies/default/edit",
    "documents": "documents",
    "document": "documents/Site/lisbon",
    "document-new": "documents/new",
    "tenants": "tenants",
    "paths": "paths",
    "shift": "shift",
    "controls": "controls",
    "alarm-rules": "alarm-rules",
    "audit": "audit",
}
PLACEHOLDERS = ("?", "undefined", "None", "null", "NaN", "  ")


@pytest.fixture
def acting(browser: Browser, demo: ConsoleDemo) -> Any:
    """A window at the node that leads, which knows every decision."""
    wait_until("a node leads", lambda: demo.leader() is not None)
    with window(browser, demo) as console:
        console.open("", node=str(demo.leader()))
        console.live()
        yield console


def submit(page: Page, reason: str = "as agreed") -> None:
    """Confirm the open dialog with a reason, when it has looked."""
    page.wait_for_selector("dialog .buttons button[type=submit]:enabled")
    page.fill("dialog [id$=reason]", reason)
    page.click("dialog .buttons button[type=submit]")


def test_every_page_is_clean_in_both_themes_and_fits_a_phone(
    browser: Browser, demo: ConsoleDemo
) -> None:
    """In the dark only contrast can differ, so nothing else is looked at twice."""
    with window(browser, demo) as console:
        page = console.open("")
        console.live()
        found = {}
        for name, path in PAGES.items():
            console.open(path)
            assert page.locator(".problem").count() == 0, console.text()
            found[name] = console.violations()
            console.picture(f"{name}-light")
            page.emulate_media(color_scheme="dark")
            dark = Axe().run(page, options={"runOnly": ["color-contrast"]}).response["violations"]
            found[f"{name}-dark"] = [node["html"] for one in dark for node in one["nodes"]]
            console.picture(f"{name}-dark")
            wide = page.viewport_size
            page.set_viewport_size({"width": 390, "height": 844})
            assert not console.is_wider_than_its_window(), name
            console.picture(f"{name}-phone")
            page.set_viewport_size(wide)
            page.emulate_media(color_scheme="light")
        assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_decisions_come_live_and_a_moved_call_is_explained(
    acting: Console, demo: ConsoleDemo
) -> None:
    page = acting.open("decisions?outcome=move")
    page.wait_for_selector("[data-table=decisions] tbody tr")
    rows = "document.querySelectorAll('[data-table=decisions] tbody tr').length"
    before = page.evaluate(rows)
    page.wait_for_function(f"before => {rows} > before", arg=before)
    page.locator("[data-table=decisions] tbody tr td a").first.click()
    page.wait_for_selector(".headline")
    page.wait_for_selector("ol.story li:has-text('talk')")
    assert page.locator(".timeline .moment").count() >= 4
    assert acting.violations() == []
    acting.picture("explain-moved")
    acting.open("explain/nobody")
    page.wait_for_selector(".problem")
    assert "nothing is known of call nobody" in acting.text()


def test_every_moved_call_of_the_demo_is_explained_without_a_gap(
    acting: Console, demo: ConsoleDemo
) -> None:
    leader = str(demo.leader())

    def moved() -> list[dict[str, Any]]:
        return list(demo.ask(leader, "/decisions?outcome=move&limit=200")["decisions"])

    wait_until("callers have been moved", lambda: len(moved()) >= 8)
    for one in moved()[:8]:
        path = f"/calls/{one['decision_id']}/explanation"
        wait_until("the call is told to its end", lambda path=path: is_over(demo.ask(leader, path)))
        told = demo.ask(leader, path)
        text = [told["headline"], *told["story"]]
        assert told["missing"] == [], told
        assert one["target_site"] in " ".join(text)
        assert not [said for said in text for word in PLACEHOLDERS if word in said], text
        assert all(said.endswith(".") for said in text), text


def is_over(told: dict[str, Any]) -> bool:
    return bool(told["moments"]) and told["moments"][-1]["kind"] == "ends"


def test_a_wrong_policy_is_refused_at_its_line_and_a_conflict_is_shown(
    acting: Console, demo: ConsoleDemo
) -> None:
    page = acting.open("policies/queued/edit")
    page.wait_for_selector("#policy-text")
    good = page.input_value("#policy-text")
    page.fill("#policy-text", good.replace("select: longest_available", "select: longest"))
    page.get_by_role("button", name="Check", exact=True).click()
    page.wait_for_selector(".faults li button")
    assert page.locator(".gutter .wrong").count() == 1
    assert acting.violations() == []
    acting.picture("policy-wrong")
    page.fill("#policy-text", good.replace("Agents elsewhere", "Agents elsewhere first"))
    page.get_by_role("button", name="Check", exact=True).click()
    page.wait_for_selector(".badge.good:has-text('would take it')")
    post(demo, "/policies/queued/publish", {"text": good + "# by another\n", "reason": "faster"})
    page.get_by_role("button", name="Make it live").click()
    page.wait_for_selector("dialog .problem")
    assert "version 2" in page.inner_text("dialog .problem")
    acting.picture("policy-conflict")
    page.keyboard.press("Escape")
    page.wait_for_selector(".line.new:has-text('by another')")
    page.get_by_role("button", name="I have seen it").click()
    page.get_by_role("button", name="Make it live").click()
    page.wait_for_selector("dialog .line.gone:has-text('by another')")
    page.keyboard.press("Escape")


def test_a_policy_is_published_shadowed_and_taken_back(acting: Console) -> None:
    page = acting.open("policies/default/edit")
    page.wait_for_selector("#policy-text")
    page.fill(
        "#policy-text", page.input_value("#policy-text").replace("min_gain_s: 5", "min_gain_s: 6")
    )
    page.get_by_role("button", name="Make it live").click()
    page.wait_for_selector("dialog .line.new")
    assert acting.violations() == []
    acting.picture("policy-publish")
    submit(page, "peak hour")
    page.wait_for_selector(".facts dd:first-of-type >> text=2")
    page.get_by_role("button", name="Shadow").click()
    page.fill("dialog [id$=version]", "1")
    page.locator("dialog [id$=version]").blur()
    page.wait_for_selector("dialog .line.gone, dialog .line.new")
    submit(page, "look again")
    page.wait_for_selector(".facts:has-text('differs in')")
    page.get_by_role("button", name="Stop the trial").click()
    submit(page)
    page.wait_for_selector(".facts:has-text('differs in')", state="detached")
    page.get_by_role("button", name="Go back").first.click()
    submit(page, "callers wait longer")
    page.wait_for_selector(".facts dd:first-of-type >> text=3")
    page.wait_for_selector("[data-table=policy-versions] :text('callers wait longer')")
    acting.picture("policy-history")


def test_a_document_is_written_and_a_fault_stands_at_its_line(
    acting: Console, demo: ConsoleDemo
) -> None:
    page = acting.open("documents/new?kind=Tenant")
    text = "apiVersion: nirc/v1\nkind: Tenant\nmetadata: {name: acme}\nspec: {descripton: x}\n"
    page.fill("#document-text", text)
    page.get_by_role("button", name="Save").click()
    submit(page)
    page.wait_for_selector("dialog .problem")
    page.keyboard.press("Escape")
    page.wait_for_selector(".faults li button:has-text('4')")
    acting.picture("document-wrong")
    page.fill("#document-text", text.replace("descripton: x", "description: big"))
    page.get_by_role("button", name="Save").click()
    submit(page, "a new customer")
    page.wait_for_selector("h1:has-text('Tenant/acme')")
    ask(demo, "PUT", "/documents/Tenant/acme?author=rui", text.replace("descripton", "description"))
    page.fill("#document-text", text.replace("descripton: x", "description: bigger"))
    page.get_by_role("button", name="Save").click()
    submit(page)
    page.wait_for_selector("dialog .problem")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="I have seen it").click()
    page.get_by_role("button", name="Save").click()
    submit(page)
    page.wait_for_selector(".toast.done")
    page.get_by_role("button", name="Remove").click()
    submit(page)
    page.wait_for_selector("[data-table=documents] tbody tr")
    assert page.locator("[data-table=documents] a[href$=acme]").count() == 0


def test_nothing_is_moved_while_a_freeze_stands_and_it_is_ended(
    acting: Console, demo: ConsoleDemo
) -> None:
    page = acting.open("controls")
    page.get_by_role("button", name="Freeze").click()
    page.wait_for_selector("dialog .preview .story li")
    assert acting.violations() == []
    acting.picture("control-preview")
    submit(page, "calls are lost on the way")
    page.wait_for_selector("[data-table=controls] tbody tr")
    acting.picture("control-in-force")
    assert [one["kind"] for one in demo.ask("n1", "/controls")["controls"]] == ["freeze"]
    page.locator("[data-table=controls] td.act button").click()
    submit(page, "they are not")
    page.wait_for_selector("[data-table=controls] tbody tr", state="detached")
    acting.open("audit")
    page.wait_for_selector("[data-table=audit] :text('calls are lost on the way')")
    acting.picture("audit-acts")


def test_traffic_is_shifted_after_a_look_at_capacity_and_taken_back(
    acting: Console, demo: ConsoleDemo
) -> None:
    page = acting.open("shift")
    page.get_by_role("button", name="Shift traffic").click()
    page.select_option("dialog [id$=from]", "lisbon")
    page.select_option("dialog [id$=to]", "porto")
    page.wait_for_selector("dialog .preview .badge")
    assert acting.violations() == []
    acting.picture("shift-preview")
    page.fill("dialog [id$=floor]", "0")
    page.select_option("dialog [id$=force]", "yes")
    submit(page, "lisbon is too full")
    row = page.locator("[data-table=shifts] tbody tr")
    row.wait_for()
    row.get_by_text("10 %").wait_for()
    acting.picture("shift-in-force")
    row.locator("button").click()
    submit(page, "it is not")
    row.wait_for(state="detached")


def test_a_report_is_shown_saved_and_never_empty_of_words(
    acting: Console, demo: ConsoleDemo
) -> None:
    page = acting.open("reports")
    for _ in range(20):  # files of records come every few seconds
        page.wait_for_selector(".report .loading", state="detached", timeout=90_000)
        if page.locator("[data-table=report] tbody tr").count():
            break
        page.wait_for_timeout(1000)
        page.get_by_role("button", name="Show").click()
    assert page.locator("[data-table=report] tbody tr").count() >= 1, acting.text()
    assert acting.violations() == []
    acting.picture("report")
    with page.expect_download(timeout=90_000) as saved:
        page.get_by_role("button", name="Save as CSV").click()
    assert "lisbon" in saved.value.path().read_text(encoding="utf-8")
    page.fill("#time_zone", "Nowhere/At_all")
    page.get_by_role("button", name="Show").click()
    page.wait_for_selector(".problem", timeout=90_000)


def test_a_test_call_is_placed_and_a_silence_is_begun_and_ended(acting: Console) -> None:
    page = acting.open("paths")
    row = page.locator("[data-table=paths] tr[data-key=lisbon-pbx]")
    row.locator("button").click()
    page.fill("dialog [id$=to_site]", "porto")
    page.click("dialog button[type=submit]")
    page.wait_for_selector("[data-table=probes] .badge")
    acting.picture("paths-test-call")
    acting.open("alarm-rules")
    page.wait_for_selector("[data-table=alarm-rules] tbody tr")
    page.get_by_role("button", name="Begin a silence").click()
    submit(page, "new router")
    page.wait_for_selector("[data-table=silences] tbody tr")
    page.locator("[data-table=silences] td.act button").click()
    page.click("dialog button[type=submit]")
    page.wait_for_selector("[data-table=silences] tbody tr", state="detached")


def post(demo: ConsoleDemo, path: str, body: dict[str, Any]) -> None:
    ask(demo, "POST", path, json.dumps({"author": "rui", **body}), "application/json")


def ask(
    demo: ConsoleDemo, method: str, path: str, body: str, media: str = "application/yaml"
) -> None:
    """What another operator does meanwhile."""
    asked = urllib.request.Request(
        demo.url("n1").replace("/console/", f"/api/v1{path}"),
        data=body.encode(),
        method=method,
        headers={"Authorization": f"Bearer {demo.node_token('n1')}", "Content-Type": media},
    )
    urllib.request.urlopen(asked, timeout=10).close()
