"""A whole network with callers, and its console in a real browser, for the tests of the pages.

Rule of this file: what every page's test needs: one network, one browser, a page that is logged in,
and what must be true of every page. Fixtures stand in tests/services/console/conftest.py.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import axe_playwright_python
import judged_histories
from network import TestNetwork
from playwright.sync_api import Browser, Page, sync_playwright
from source_tree import ROOT

from nirc.demo.layout import NetworkShape, SiteShape, build_layout
from nirc.demo.options import GivenPolicy
from nirc.demo.phones_file import Load
from nirc.demo.ports import PortTaker

PICTURES = ROOT / "build" / "console"
WAIT_MS = 20_000
"However busy the machine is, what is waited for has come by then."
SIZES = {"wide": (1366, 860), "phone": (390, 844)}
SHAPE = NetworkShape(
    sites=(
        SiteShape(name="lisbon", agents=("anna", "bruno"), load_share=0.6),
        SiteShape(name="porto", agents=("diogo", "elsa", "filipe"), load_share=0.25),
        SiteShape(name="faro", agents=("katia", "luis"), load_share=0.15),
    ),
    router={"hole_outcomes_min": 1_000},
    keeps_records=True,
)
LOAD = Load(calls=900, seed=5, over_s=500.0, talk_s=(2.0, 5.0))
"More callers than the agents can take: somebody always waits, and somebody always moves."
QUEUED = GivenPolicy(
    name="queued",
    service="support",
    text="""apiVersion: nirc/v1
kind: RoutingPolicy
metadata: {name: queued}
spec:
  description: Agents elsewhere, then the network queue.
  rules: [{name: anybody, select: longest_available, action: route}]
  otherwise: {action: network_queue}
""",
)
AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
ALL_RULES = {"resultTypes": ["violations"]}
"Of axe: what WCAG 2.1 A and AA ask, and its best practices."
COLOURS = {**ALL_RULES, "runOnly": {"type": "rule", "values": ["color-contrast"]}}
"What another theme may change."


class ConsoleDemo(TestNetwork):
    """The network, and what its nodes say to whoever has a session."""

    token = ""

    def url(self, node: str = "n1") -> str:
        """Where a node serves the console."""
        layout = next(one for one in self.layout.nodes if one.name == node)
        return f"http://{layout.http_address}/console/"

    def node_token(self, node: str) -> str:
        """The node's own, as a person reads it from its file."""
        return self.admin(node).token_file.read_text(encoding="utf-8").strip()

    def session(self, node: str = "n1") -> dict[str, Any]:
        """A new session, as the page of login begins it."""
        asked = urllib.request.Request(
            self.url(node).replace("/console/", "/api/v1/session"),
            data=json.dumps({"author": "ana"}).encode(),
            headers={
                "Authorization": f"Bearer {self.node_token(node)}",
                "Content-Type": "application/json",
            },
        )
        with urllib.request.urlopen(asked, timeout=10) as answer:
            return dict(json.load(answer))

    def ask(self, node: str, path: str) -> Any:
        """What a node answers to a GET under `/api/v1`."""
        url = self.url(node).replace("/console/", f"/api/v1{path}")
        headers = {"Authorization": f"Bearer {self.node_token(node)}"}
        with urllib.request.urlopen(
            urllib.request.Request(url, headers=headers), timeout=10
        ) as one:
            return json.load(one)


@contextmanager
def console_demo() -> Iterator[ConsoleDemo]:
    """The network with its callers; ended, judged and removed whatever happens."""
    folder = Path(tempfile.mkdtemp(prefix="nirc-console-"))
    layout = build_layout(SHAPE, PortTaker())
    network = ConsoleDemo(folder, layout, LOAD, (QUEUED,))
    try:
        network.start()
        network.phones_order("POST", "/start")
        yield network
        network.stop()
        assert judged_histories.complaints(folder, broken_off=True) == []
    finally:
        network.stop()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, headless."""
    program = shutil.which("chromium")
    assert program, "the browser is missing: apt-get install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


class Console:
    """One window with the console in it, logged in unless told otherwise."""

    def __init__(self, page: Page, demo: ConsoleDemo) -> None:
        self.page = page
        self.demo = demo
        self.faults: list[str] = []
        "What a page must never do: an error of its own, something that its policy forbids."
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", self._hear)
        page.on("dialog", lambda dialog: (self.faults.append(dialog.message), dialog.dismiss()))

    def _hear(self, message: Any) -> None:
        # A node that does not answer is told by the browser, too, and is no fault of the page.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.faults.append(message.text)

    def open(self, path: str, node: str = "n1") -> Page:
        """A page of the console, drawn."""
        if self.page.url.startswith("http"):
            self.page.evaluate("path => { location.hash = `#/${path}`; }", path)
        else:
            self.page.goto(f"{self.demo.url(node)}#/{path}")
        self.page.wait_for_selector("main#main h1, main#main .problem", timeout=WAIT_MS)
        return self.page

    def live(self) -> None:
        """Wait until the page hears a node."""
        self.page.wait_for_selector("p.link.good", timeout=WAIT_MS)

    def picture(self, name: str) -> None:
        """Keep what it looks like."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.evaluate("scrollTo(0, 0)")
        self.page.screenshot(path=str(PICTURES / f"{name}.png"), full_page=True)

    def looked_at(self, name: str, path: str) -> list[str]:
        """What axe finds on a page in both themes; it is drawn, and a picture of each is kept."""
        self.open(path)
        assert self.page.locator("main .problem").count() == 0, self.text()
        found = self.violations()
        self.picture(f"{name}-light")
        self.page.emulate_media(color_scheme="dark")
        found += self.violations(COLOURS)
        self.picture(f"{name}-dark")
        self.page.emulate_media(color_scheme="light")
        return found

    def violations(self, options: Mapping[str, Any] = ALL_RULES) -> list[str]:
        """What axe finds, each with the rule and the element."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
        asked = "options => axe.run(document, options)"
        found = self.page.evaluate(asked, dict(options))["violations"]
        return [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]

    def is_wider_than_its_window(self) -> bool:
        """Whether one would have to scroll sideways."""
        return bool(self.page.evaluate("document.documentElement.scrollWidth > innerWidth"))

    def text(self) -> str:
        """What stands on the page."""
        return str(self.page.inner_text("body"))


@contextmanager
def window(
    browser: Browser,
    demo: ConsoleDemo,
    *,
    size: str = "wide",
    theme: str = "light",
    logged_in: bool = True,
) -> Iterator[Console]:
    """A window of its own, without anything from another; its faults fail the test."""
    width, height = SIZES[size]
    viewport = {"width": width, "height": height}
    context = browser.new_context(
        viewport=viewport, color_scheme=theme, locale="en-GB", reduced_motion="reduce"
    )
    if logged_in:
        kept = json.dumps(json.dumps(demo.session()))
        context.add_init_script(
            "if (!sessionStorage.getItem('nirc.session'))"
            f" sessionStorage.setItem('nirc.session', {kept});"
        )
    console = Console(context.new_page(), demo)
    console.page.set_default_timeout(WAIT_MS)
    try:
        yield console
    finally:
        context.close()
    assert console.faults == []
