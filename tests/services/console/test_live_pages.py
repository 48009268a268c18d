"""What the console shows is live: sites, alarms, the network queue, the cluster, a dead node."""

from __future__ import annotations

import json
import signal
import time
from pathlib import Path
from typing import Any

import pytest
from console_demo import PICTURES, Console, ConsoleDemo
from network import wait_until
from playwright.sync_api import Route

pytestmark = [pytest.mark.services, pytest.mark.console, pytest.mark.timeout(300)]

NOTICE_LINK = Path(__file__).with_name("notice_link.js")
LINK = "document.querySelector('p.link')"
WAITING = "[...document.querySelectorAll('.network .waiting')].map(one => one.textContent).join()"
MOVED = "document.querySelectorAll('.figure .value')[3].textContent"
AGENT_STATES = (
    "[...document.querySelectorAll('[data-table=agents] td.state')]"
    ".map(one => one.textContent).join()"
)


def leader_of(demo: ConsoleDemo) -> str:
    found: list[str] = []
    wait_until("a node leads", lambda: bool(found.append(demo.leader() or "") or found[-1]))
    return found[-1]


def test_figures_and_tables_follow_the_network(console: Console) -> None:
    page = console.open("")
    console.live()
    page.wait_for_function(f"() => Number({MOVED}) > 0")
    page.wait_for_selector(".flow[aria-label*=lisbon]")
    page.wait_for_function("() => document.querySelectorAll('.network a.site').length === 3")
    page.wait_for_function(
        "() => document.querySelector('.spark .line').getAttribute('d').split('L').length > 2"
    )
    console.picture("overview-live")
    console.open("agents")
    page.wait_for_selector("[data-table=agents] tbody tr")
    before = page.evaluate(AGENT_STATES)
    page.wait_for_function(f"before => {AGENT_STATES} !== before", arg=before)
    console.open("sites/lisbon")
    page.wait_for_function(
        "() => document.querySelectorAll('[data-table=site-agents] tbody tr').length === 2"
    )
    page.wait_for_selector("[data-table=site-paths] tbody tr")
    console.picture("site-live")


def test_the_last_hours_are_drawn_with_gaps_by_whichever_node_knows(console: Console) -> None:
    page = console.page
    curves = ("waiting_max", "waiting_mean", "ready_mean", "busy_mean", "moved")
    seen = {name: [2.0 + n, None, 9.0 - 2 * n, 3.0 + n] for n, name in enumerate(curves)}
    place = {"site": "", "queue": "", **seen}
    began = [time.time() - 900 * n for n in (4, 3, 2, 1)]
    history = {"node": "n1", "interval_s": 900, "begin_unix_s": began, "places": [place]}
    readable = {"Access-Control-Allow-Origin": "*"}
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        away = len(asked) == 1
        told = {"title": "etcd is away", "status": 503} if away else history
        route.fulfill(json=told, status=503 if away else 200, headers=readable)

    page.route("**/api/v1/history*", answer)
    console.open("")
    curve = page.locator("svg.chart .curve.waiting")
    curve.wait_for(state="attached")
    assert (curve.get_attribute("d") or "").count("M") == 2
    assert len({url.split("/api/")[0] for url in asked}) == 2
    console.picture("overview-last-hours")


def test_a_row_keeps_the_focus_while_it_changes(console: Console) -> None:
    page = console.open("agents")
    console.live()
    page.wait_for_selector("[data-table=agents] tbody tr")
    row = page.locator("[data-table=agents] tbody tr[tabindex='0']")
    row.focus()
    key = row.get_attribute("data-key")
    state = "document.activeElement.querySelector('td.state')?.textContent"
    before = page.evaluate(state)
    page.wait_for_function(f"before => {state} !== before", arg=before)
    assert page.evaluate("document.activeElement.dataset.key") == key


def test_who_waits_in_the_network_queue_is_taken_out_with_a_reason(
    console: Console, demo: ConsoleDemo
) -> None:
    page = console.open("network-queue")
    console.live()
    page.wait_for_selector("[data-table=network-queue] td.act button")
    console.picture("network_queue-live")
    for _ in range(10):  # whoever is at its end may be gone before one has typed
        page.locator("[data-table=network-queue] tbody tr:last-child td.act button").click()
        page.fill("dialog [id$=reason]", "asked by their bank")
        page.click("dialog button.danger")
        page.wait_for_selector(".toast.done, dialog .problem")
        if page.locator(".toast.done").count():
            break
        page.click("dialog .buttons button:not(.danger)")
    console.picture("network_queue-taken-out")
    acts = [one for one in audited(demo) if one["act"] == "takeEntryOut" and one["status"] == 202]
    assert [(one["author"], one["reason"]) for one in acts[-1:]] == [("ana", "asked by their bank")]


def audited(demo: ConsoleDemo) -> list[dict[str, Any]]:
    return list(demo.ask("n1", "/audit")["acts"])


def test_a_site_that_falls_silent_is_seen_and_its_alarm_acknowledged(
    console: Console, demo: ConsoleDemo
) -> None:
    page = console.open("")
    console.live()
    page.wait_for_selector(".network a.site.good[href$=faro]")
    demo.processes.signal("faro", signal.SIGSTOP)
    try:
        page.wait_for_selector(".network a.site.bad[href$=faro], .network a.site.warn[href$=faro]")
        page.wait_for_selector(".alarmlist li:has-text('faro')")
        console.picture("overview-site-silent")
        console.open("alarms")
        row = page.locator("[data-table=alarms] tbody tr", has_text="faro").first
        row.get_by_text("n1, n2, n3").wait_for()
        row.locator("button").click()
        page.locator("dialog[open]").wait_for()
        assert console.violations() == []
        console.picture("alarm-dialog")
        page.fill("dialog [id$=reason]", "their router is being changed")
        page.click("dialog button.primary")
        page.wait_for_selector(".toast.done")
        row.get_by_text("ana").wait_for()
        console.picture("alarms-acknowledged")
        for node in ("n1", "n2", "n3"):
            stand = demo.ask(node, "/alarms?code=site_down")["alarms"]
            assert [one["acknowledged_by"] for one in stand] == ["ana"]
    finally:
        demo.processes.signal("faro", signal.SIGCONT)
    console.open("")
    page.wait_for_selector(".network a.site.good[href$=faro]")


def test_a_node_is_drained_with_a_reason_and_set_to_work_again(
    console: Console, demo: ConsoleDemo
) -> None:
    leader = leader_of(demo)
    page = console.open("cluster")
    console.live()
    row = page.locator(f"[data-table=nodes] tr[data-key={leader}]")
    row.locator("button").click()
    page.wait_for_selector("dialog button.danger:enabled")
    page.click("dialog button.danger")
    page.wait_for_selector("dialog .missing:visible")
    assert demo.leader() == leader, "nothing is done without a reason"
    console.picture("drain-dialog")
    page.fill("dialog [id$=reason]", "new disk")
    page.click("dialog button.danger")
    page.wait_for_selector(".toast.done")
    page.wait_for_function(
        "node => document.querySelector('.figure .value').textContent !== node", arg=leader
    )
    row.get_by_text("drained").wait_for()
    console.picture("cluster-drained")
    row.locator("button").click()
    page.click("dialog button.primary")
    row.get_by_text("drained").wait_for(state="detached")


def test_a_leader_that_stands_still_is_left(console: Console, demo: ConsoleDemo) -> None:
    leader = read_from_leader(console, demo)
    demo.processes.signal(leader, signal.SIGSTOP)
    try:
        goes_on_without(leader, console, "frozen")
    finally:
        demo.processes.signal(leader, signal.SIGCONT)


def read_from_leader(console: Console, demo: ConsoleDemo) -> str:
    """The page reads the node that leads, and from now on keeps what it says of its connection."""
    leader = leader_of(demo)
    console.open("")
    console.page.wait_for_function(f"node => {LINK}.textContent.endsWith(node)", arg=leader)
    console.page.evaluate(NOTICE_LINK.read_text(encoding="utf-8"))
    return leader


def goes_on_without(leader: str, console: Console, how: str) -> None:
    """The page says that its node is silent, is live again elsewhere, and tells who leads now."""
    page, ended_ms = console.page, time.time() * 1000
    page.wait_for_selector(".banner:not([hidden])")
    console.picture(f"leader-{how}")
    live = f"{LINK}.classList.contains('good') && !{LINK}.textContent.endsWith(node)"
    page.wait_for_function(f"node => {live}", arg=leader)
    other = "/^n[123] leads/.test(said) && !said.startsWith(node)"
    said = "document.querySelector('p.leader').textContent"
    page.wait_for_function(f"node => {{ const said = {said}; return {other}; }}", arg=leader)
    noticed = page.evaluate("window.noticed")
    times = [(round((one["at_ms"] - ended_ms) / 1000, 2), one["said"]) for one in noticed]
    PICTURES.mkdir(parents=True, exist_ok=True)
    (PICTURES / f"leader-{how}.json").write_text(json.dumps(times, indent=1) + "\n")
    page.wait_for_function(f"before => {WAITING} !== before", arg=page.evaluate(WAITING))


def test_a_killed_leader_shows_and_the_page_goes_on(console: Console, demo: ConsoleDemo) -> None:
    leader = read_from_leader(console, demo)
    demo.processes.kill(leader)
    goes_on_without(leader, console, "killed")
    broken = "document.querySelectorAll('.nodelist .badge.bad').length"
    console.page.wait_for_function(f"() => {broken} === 1")
    console.picture("overview-leader-killed")


def test_with_no_node_left_the_page_says_how_old_it_is(console: Console, demo: ConsoleDemo) -> None:
    page = console.open("sites")
    console.live()
    page.wait_for_selector("[data-table=sites] tbody tr:nth-child(3)")
    nodes = [one.name for one in demo.layout.nodes]
    for node in nodes:
        if demo.processes.is_running(node):
            demo.processes.kill(node)
    page.wait_for_selector(".banner.bad:not([hidden])")
    assert page.locator("[data-table=sites] tbody tr").count() == 3
    console.picture("no-node")
    assert console.violations() == []
    for node in nodes:
        demo.processes.restart(node)
    console.live()
    wait_until("every site is linked again", demo.is_linked)
