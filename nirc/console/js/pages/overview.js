// The first page: is all well, and if not, where? Rule of this file: it shows what other pages show whole, and
// each thing here leads to its page.

import { dayChart } from "../day_chart.js";
import { h, name, put } from "../dom.js";
import { NONE, duration, number, percent } from "../formats.js";
import { sparkline } from "../graphs.js";
import { networkGraph } from "../network_graph.js";
import * as nodes from "../nodes.js";
import { figures, head, panel } from "../page_parts.js";
import { address } from "../router.js";
import { healthBadge, shape, siteHealth } from "../states.js";
import { store } from "../store.js";
import { table } from "../table.js";
import { t, word } from "../texts.js";
import { alarmLevel, alarmName, alarmWeight } from "./alarms.js";
import { siteColumns } from "./sites.js";

const ALARMS_SHOWN = 6;
const STILL_MS = 1000;

export function open(visit) {
  const sums = figures([
    { id: "waiting", label: t("overview.waiting") }, { id: "oldest", label: t("overview.oldest") }, { id: "ready", label: t("overview.ready") },
    { id: "moved", label: t("overview.moved"), tip: t("overview.moved_note") }, { id: "queue", label: t("network_queue.title") },
    { id: "level", label: t("overview.level"), tip: t("queues.level_note") },
  ]);
  const graph = h("div", { class: "graphbox" });
  const alarms = h("ol", { class: "alarmlist" });
  const cluster = h("ul", { class: "nodelist" });
  const shown = table({ id: "overview-sites", caption: t("sites.title"), key: (row) => row.site, filters: false, empty: t("sites.none"), columns: siteColumns() });
  const drawGraph = () => drawNetwork(graph);
  visit.live(["site", "queue", "call", "queue_entry", "decision"], () => drawFigures(sums));
  visit.live(["alarm"], () => drawAlarms(alarms));
  visit.live(["status"], () => drawCluster(cluster));
  visit.live(["site"], () => shown.update(store.all("site")));
  visit.live(["site", "agent", "decision", "status"], drawGraph);
  visit.every(1, () => { drawFigures(sums); shown.update(store.all("site")); drawGraph(); drawAlarms(alarms); });
  const seen = new ResizeObserver(drawGraph);
  seen.observe(graph);
  visit.onClose(() => seen.disconnect());
  const side = h("div", { class: "side" }, panel(t("alarms.title"), alarms), panel(t("cluster.title"), cluster));
  return h("div", {}, head(t("overview.title")), sums.node, h("div", { class: "overview" }, panel(t("overview.graph"), graph, legend()), side), panel(t("sites.title"), shown.node), panel(t("day.title"), dayChart(visit)));
}

function drawFigures(sums) {
  const [all, queues] = [store.all("site"), store.all("queue")];
  const total = (field) => all.reduce((sum, one) => sum + one[field], 0);
  const curve = (figure, label) => sparkline(store.samples.of("network", "", figure), { label, width: 120, height: 26, wide: true });
  const waits = queues.filter((one) => one.waiting_count > 0).map((one) => store.aged(one, "oldest_wait_s"));
  sums.set("waiting", number(total("waiting_count")), { more: curve("waiting", t("overview.waiting")) });
  sums.set("oldest", waits.length ? duration(Math.max(...waits)) : NONE);
  sums.set("ready", number(total("ready_count")), { note: t("overview.busy", { busy: number(total("busy_count")) }), more: curve("ready", t("overview.ready")) });
  sums.set("moved", number(store.flows().reduce((sum, one) => sum + one.per_minute, 0)), { note: t("overview.in_motion", { calls: number(store.maps.call.size) }), more: curve("moved", t("overview.moved")) });
  sums.set("queue", number(store.maps.queue_entry.size), { more: curve("queue", t("network_queue.title")) });
  const worst = queues.filter((one) => (one.service_level ?? null) !== null).sort((a, b) => a.service_level - b.service_level)[0];
  sums.set("level", percent(worst?.service_level), { note: worst ? name(`${worst.site} / ${worst.queue}`) : "" });
}

/** Drawn anew only when it would look different: whoever has the focus in it keeps it. */
function drawNetwork(place) {
  const width = Math.round(place.clientWidth);
  if (!width || (place.contains(document.activeElement) && performance.now() - (place.drawn_ms ?? 0) < STILL_MS)) return;
  const size = { width, height: Math.round(Math.max(320, Math.min(460, width * 0.56))) };
  const sites = store.all("site").sort((a, b) => (a.site < b.site ? -1 : 1)).map(drawn);
  const flows = store.flows();
  const leader = store.leader();
  const hub = { title: t("frame.product"), text: leader ? t("frame.leads", { node: leader }) : t("frame.nobody_leads"), level: leader || !store.status ? "good" : "bad" };
  const sign = JSON.stringify([size, sites, flows, hub, t("frame.product")]);
  if (place.sign === sign) return;
  const focused = place.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  place.sign = sign;
  place.drawn_ms = performance.now();
  put(place, networkGraph(sites, flows, hub, size));
  if (focused) [...place.querySelectorAll("a")].find((one) => one.getAttribute("href") === focused)?.focus();
}

function drawn(site) {
  const agents = store.at("agent", site.site);
  const count = (...states) => agents.filter((one) => states.includes(one.state)).length;
  const parts = agents.length ? [["ready", count("ready")], ["busy", count("busy", "reserved")], ["acw", count("working_after_call")], ["off", count("not_ready", "null")]]
    : [["ready", site.ready_count], ["busy", site.busy_count]];
  const labels = { ready: "ready", busy: "busy", acw: "working_after_call", off: "not_ready" };
  return {
    site: site.site, ...siteHealth(site), waiting: site.waiting_count, linked: site.linked, href: address("sites", site.site),
    parts: parts.map(([kind, value]) => ({ kind, value, label: word("agent_state", labels[kind]) })),
  };
}

function legend() {
  const parts = [["ready", "ready"], ["busy", "busy"], ["acw", "working_after_call"], ["off", "not_ready"]];
  return h("ul", { class: "legend" }, parts.map(([kind, state]) => h("li", {}, h("span", { class: `swatch ${kind}`, "aria-hidden": "true" }), word("agent_state", state))),
    h("li", {}, h("span", { class: "swatch flow", "aria-hidden": "true" }), t("overview.moved")));
}

function drawAlarms(list) {
  const all = store.all("alarm").sort((a, b) => Boolean(a.acknowledged_by) - Boolean(b.acknowledged_by) || alarmWeight(a) - alarmWeight(b) || b.since_unix_s - a.since_unix_s);
  const sign = JSON.stringify([all.map((one) => [one, duration(Date.now() / 1000 - one.since_unix_s)])]);
  if (list.sign === sign) return;
  list.sign = sign;
  const rows = all.slice(0, ALARMS_SHOWN).map((one) => h("li", { class: one.acknowledged_by ? "cared" : null }, shape(one.acknowledged_by ? "unknown" : alarmLevel(one)),
    h("a", { href: address("alarms") }, alarmName(one.code)), name(one.place), h("span", { class: "quiet" }, duration(Date.now() / 1000 - one.since_unix_s))));
  const more = all.length - rows.length;
  put(list, rows.length ? rows : h("li", { class: "empty" }, t("alarms.none")), more > 0 ? h("li", {}, h("a", { href: address("alarms") }, t("overview.more_alarms", { more }))) : null);
}

function drawCluster(list) {
  const status = store.status;
  if (!status) return;
  const leads = store.leader();
  const known = [...new Set([status.node, ...status.peers_linked, leads, ...nodes.all().map((one) => one.node)].filter(Boolean))].sort();
  put(list, known.map((node) => {
    const linked = node === status.node || status.peers_linked.includes(node);
    const state = !linked ? { level: "bad", text: t("cluster.not_linked") } : node === status.node && status.draining ? { level: "warn", text: t("cluster.drained") }
      : { level: "good", text: t(node === leads ? "cluster.leads" : "cluster.follows") };
    return h("li", {}, h("a", { href: address("cluster") }, name(node)), healthBadge(state), node === status.node ? h("span", { class: "quiet" }, t("cluster.seen_from")) : null);
  }));
}
