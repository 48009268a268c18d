"""The console's frame in a real browser: who may, both themes, keys, languages, names."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from console_demo import WAIT_MS, Console, ConsoleDemo, window
from playwright.sync_api import Browser
from source_tree import ROOT

pytestmark = [pytest.mark.services, pytest.mark.console, pytest.mark.timeout(300)]

PAGES = {
    "overview": "",
    "sites": "sites",
    "site": "sites/lisbon",
    "queues": "queues",
    "agents": "agents",
    "network_queue": "network-queue",
    "calls": "calls",
    "alarms": "alarms",
    "cluster": "cluster",
    "settings": "settings",
}
SITE_ROWS = "document.querySelectorAll('[data-table=sites] tbody tr').length"
A_KEY = re.compile(r"\b[a-z_]+\.[a-z_]+\b(?!\.\w)")
HOSTILE_NAMES = Path(__file__).with_name("hostile_names.js")
RIGHT_TO_LEFT = "\u202esite\u202c \u05de\u05e8\u05db\u05d6"
HOSTILE = [
    '<img src=x onerror="alert(1)">',
    RIGHT_TO_LEFT,
    "x" * 200,
    '=HYPERLINK("http://example.org","a")',
    "%2e%2e/../{count}&amp;",
]


def test_a_session_begins_with_the_nodes_token_and_ends_at_all_nodes(
    browser: Browser, demo: ConsoleDemo
) -> None:
    with window(browser, demo, logged_in=False) as console:
        page = console.page
        page.goto(demo.url("n2"))
        page.fill("#who", "ana")
        page.fill("#token", "not the token")
        page.click("button[type=submit]")
        page.wait_for_selector(".problem")
        console.picture("login-refused")
        assert console.violations() == []
        page.fill("#token", demo.node_token("n2"))
        page.click("button[type=submit]")
        console.live()
        kept = page.evaluate(
            "JSON.stringify([{...sessionStorage}, {...localStorage}, document.cookie])"
        )
        assert demo.node_token("n2") not in kept
        token = json.loads(page.evaluate("sessionStorage.getItem('nirc.session')"))["token"]
        assert token not in page.evaluate("JSON.stringify({...localStorage})")
        page.reload()
        console.live()
        console.open("settings")
        page.click("main .panel:nth-of-type(2) button")
        page.wait_for_selector("#token")
        asked = (
            "token => fetch('/api/v1/status', {headers: {Authorization: `Bearer ${token}`}})"
            ".then(answer => answer.status)"
        )
        assert page.evaluate(asked, token) == 401


def test_every_page_is_drawn_and_axe_finds_nothing_in_both_themes(console: Console) -> None:
    console.open("")
    console.live()
    found = {}
    for name, path in PAGES.items():
        found[name] = console.looked_at(name, path)
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_every_page_fits_a_phone(browser: Browser, demo: ConsoleDemo) -> None:
    with window(browser, demo, size="phone", theme="dark") as console:
        console.open("")
        console.live()
        for name, path in PAGES.items():
            console.open(path)
            assert not console.is_wider_than_its_window(), name
            console.picture(f"{name}-phone")
        assert not console.page.locator("nav").is_visible()
        console.page.click("button.menu")
        console.page.locator("nav").wait_for(state="visible")
        console.picture("menu-phone")
        console.page.click("nav a[data-path=sites]")
        console.page.locator("nav").wait_for(state="hidden")


def test_everything_is_reached_by_keys(console: Console) -> None:
    page = console.open("")
    console.live()
    page.keyboard.press("g")
    page.keyboard.press("s")
    page.wait_for_selector("[data-table=sites] tbody tr")
    page.keyboard.press("/")
    page.keyboard.type("port")
    page.wait_for_function(f"() => {SITE_ROWS} === 1")
    page.keyboard.press("Escape")
    page.wait_for_function(f"() => {SITE_ROWS} === 3")
    page.locator("[data-table=sites] tbody tr[tabindex='0']").focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowDown")
    row = page.evaluate("document.activeElement.dataset.key")
    assert row == page.locator("[data-table=sites] tbody tr").nth(1).get_attribute("data-key")
    page.keyboard.press("Enter")
    page.wait_for_function("site => document.querySelector('h1')?.textContent === site", arg=row)
    page.keyboard.press("?")
    page.locator("dialog[open]").wait_for()
    assert console.violations() == []
    page.keyboard.press("Escape")
    page.locator("dialog").wait_for(state="detached")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Tab")
    assert "skip" in page.evaluate("document.activeElement.className")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_sorting_says_so_and_stays(console: Console) -> None:
    page = console.open("queues")
    console.live()
    head = page.locator("[data-table=queues] th[data-column=site]")
    head.locator("button").click()
    assert head.get_attribute("aria-sort") == "ascending"
    head.locator("button").click()
    assert head.get_attribute("aria-sort") == "descending"
    console.open("sites")
    console.open("queues")
    assert head.get_attribute("aria-sort") == "descending"
    page.wait_for_selector("[data-table=queues] tbody tr")
    cells = page.locator("[data-table=queues] tbody tr td:nth-child(2)").all_inner_texts()
    assert cells == sorted(cells, reverse=True)


def test_another_language_leaves_no_english(console: Console) -> None:
    page = console.open("settings")
    console.live()
    page.select_option("#language", "de")
    page.wait_for_function("() => document.documentElement.lang === 'de'")
    folder = ROOT / "nirc" / "console" / "texts"
    english, german = (json.loads((folder / f"{one}.json").read_text()) for one in ("en", "de"))
    phrases = [
        text
        for key, text in english.items()
        if text != german[key] and len(text.split()) > 1 and "{" not in text
    ]
    for path in PAGES.values():
        console.open(path)
        said = console.text()
        assert [one for one in phrases if re.search(rf"\b{re.escape(one)}", said)] == []
        assert [one for one in A_KEY.findall(said) if one in english] == []
    console.picture("overview-german")


def test_a_chosen_theme_stays(console: Console) -> None:
    page = console.open("settings")
    page.check("input[value=dark]")
    page.reload()
    console.live()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") is False


def test_errors_are_shown_with_place_and_remedy(console: Console) -> None:
    page = console.open("sites/nowhere")
    page.wait_for_selector(".problem")
    assert "404" in page.inner_text(".problem")
    assert console.violations() == []
    console.picture("problem")
    console.open("no/such/page")
    page.wait_for_selector(".problem")


def test_names_are_text_and_nothing_else(console: Console) -> None:
    """A site, queue, agent or alarm may be called anything: it is shown, and never obeyed."""
    page = console.page
    page.route("**/api/v1/events", lambda route: route.abort())
    console.open("")
    page.evaluate(HOSTILE_NAMES.read_text(encoding="utf-8"), HOSTILE)
    for name in ("overview", "sites", "queues", "agents", "network_queue", "calls", "alarms"):
        console.open(PAGES[name])
        page.wait_for_function(
            "text => document.querySelector('main').textContent.includes(text)", arg=HOSTILE[0]
        )
        text = page.inner_text("main") + page.inner_html("main")
        assert page.locator("main img").count() == 0
        assert not console.is_wider_than_its_window()
        assert HOSTILE[3] in page.locator("main").text_content()
        assert "function" not in text
        console.picture(f"{name}-hostile")
    away = page.evaluate(
        "[...document.querySelectorAll('a[href]')].map(a => a.getAttribute('href'))"
    )
    assert all(one.startswith("#/") for one in away)
    console.open("network-queue")
    page.locator("td.act button").first.click()
    page.locator("dialog[open]").wait_for(timeout=WAIT_MS)
    assert page.locator("dialog img").count() == 0
